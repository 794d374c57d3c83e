//! Titles and abstracts as one line of plain text.

use super::prose::{self, Piece};
use super::unicode::flatten;

/// The text on one line of plain Unicode, for email, `<title>` and feeds: `$x^2$` is x².
///
/// An unknown macro shows its argument, or its name if it has none. Empty only if the text is
/// blank.
pub fn plain(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for piece in prose::read(text) {
        match piece {
            Piece::Text(text) | Piece::Emphasis(text) => line.push_str(&text),
            Piece::Formula { source, .. } => line.push_str(&flatten(source)),
            Piece::Link { url, words } => {
                let text = words.map(plain).filter(|text| !text.is_empty());
                line.push_str(&text.unwrap_or(url));
            }
        }
    }
    let line = on_one_line(&line);
    if line.is_empty() { on_one_line(text) } else { line }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
