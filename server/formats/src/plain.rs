//! The plain texts of a card.

use std::borrow::Cow;

use domain::paper::PaperCard;

/// The title as one line of plain text: the stored form, or computed here if none is stored yet.
pub fn plain_title(card: &PaperCard) -> Cow<'_, str> {
    match card.plain_title.of(&card.title) {
        Some(title) => Cow::Borrowed(title),
        None => Cow::Owned(tex::plain(&card.title)),
    }
}

/// The abstract as one line of plain text: the stored form, or computed here if none is stored yet.
pub fn plain_abstract(card: &PaperCard) -> Cow<'_, str> {
    match card.plain_abstract.of(&card.abstract_text) {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(tex::plain(&card.abstract_text)),
    }
}
