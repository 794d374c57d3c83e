//! What a text is cut into.

/// A stretch of a text, before formulas are set.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece<'a> {
    /// Prose.
    Text(String),
    /// Prose in italics.
    Emphasis(String),
    /// The TeX between two delimiters, and whether it stands on a line of its own.
    Formula {
        source: &'a str,
        /// The formula with its delimiters.
        written: &'a str,
        display: bool,
    },
    /// A link. `words` is the TeX that its author gave as its text.
    Link { url: String, words: Option<&'a str> },
}
