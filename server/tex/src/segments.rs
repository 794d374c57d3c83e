//! Titles and abstracts as a page shows them.

use super::clean::clean;
use super::mathml::mathml;
use super::plain::{as_written, plain};
use super::prose::{self, Piece};

/// A piece of a title or abstract. Texts are raw: escape them when you write HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Prose on one line. An empty line (`"\n\n"`) separates two paragraphs.
    Text(String),
    /// Prose in italics.
    Emphasis(String),
    /// A formula as MathML.
    Math {
        /// The TeX between the delimiters.
        source: String,
        /// One `<math>` element, checked so that it may be inserted unescaped.
        mathml: String,
        /// Whether it stands on a line of its own.
        display: bool,
    },
    /// The source, without delimiters, of a formula that could not be set.
    RawMath(String),
    /// A link to an `http` or `https` address. The address is raw as well.
    Link {
        /// The address.
        url: String,
        /// The text of the link.
        text: String,
    },
}

/// Splits a title or an abstract into the segments that a page shows. Empty only if the text has no visible
/// characters.
///
/// ```
/// use tex::{Segment, segments};
///
/// let [Segment::Text(price), Segment::Math { source, .. }] = &segments("For $5, $x^2$")[..] else {
///     panic!("the first dollar is money");
/// };
/// assert_eq!((price.as_str(), source.as_str()), ("For $5, ", "x^2"));
/// ```
pub fn segments(text: &str) -> Vec<Segment> {
    let cleaned = clean(text);
    let segments: Vec<Segment> = prose::read(&cleaned).into_iter().map(segment).collect();
    let shows_something = segments.iter().any(|segment| match segment {
        Segment::Text(text) | Segment::Emphasis(text) => !text.trim().is_empty(),
        Segment::Math { .. } | Segment::RawMath(_) | Segment::Link { .. } => true,
    });
    if shows_something {
        return segments;
    }
    match as_written(text) {
        line if line.is_empty() => Vec::new(),
        line => vec![Segment::Text(line)],
    }
}

fn segment(piece: Piece<'_>) -> Segment {
    match piece {
        Piece::Text(text) => Segment::Text(text),
        Piece::Emphasis(text) => Segment::Emphasis(text),
        Piece::Link { url, words } => {
            let text = words.map(plain).filter(|text| !text.is_empty());
            let text = text.unwrap_or_else(|| url.clone());
            Segment::Link { url, text }
        }
        Piece::Formula { source, display, .. } => match mathml(source, display) {
            Some(mathml) => Segment::Math {
                source: source.to_owned(),
                mathml,
                display,
            },
            None => Segment::RawMath(source.to_owned()),
        },
    }
}
