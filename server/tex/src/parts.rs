//! Splits a text into prose and formulas, for formats that have their own formulas.

use super::clean::clean;
use super::mathml::is_standard;
use super::plain::plain;
use super::prose::{self, Piece};
use super::unicode::flatten;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Prose as plain text.
    Text(String),
    /// A formula.
    Formula {
        /// As its author wrote it, with the delimiters.
        written: String,
        /// As plain Unicode.
        plain: String,
        /// Whether LaTeX sets it as it is written: it has only commands of standard LaTeX mathematics.
        is_standard: bool,
    },
}

/// Splits a title or an abstract into prose and formulas.
pub fn parts(text: &str) -> Vec<Part> {
    let cleaned = clean(text);
    prose::read(&cleaned)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) | Piece::Emphasis(text) => Part::Text(text),
            Piece::Link { url, words } => {
                let text = words.map(plain).filter(|text| !text.is_empty());
                Part::Text(text.unwrap_or(url))
            }
            Piece::Formula { source, written, .. } => Part::Formula {
                written: written.to_owned(),
                plain: flatten(source),
                is_standard: is_standard(source),
            },
        })
        .collect()
}
