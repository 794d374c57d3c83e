//! Removes the traces that exporters leave in a text, before its TeX is read.
//!
//! HTML entities and simple tags are resolved, also inside formulas. Commands that lost their
//! backslash get it back. Invisible characters are removed. The result is TeX again: an italic tag
//! becomes `\emph`, and a subscript in a formula becomes `_{…}`.

mod characters;
mod entities;
mod invisible;
mod markup;
mod pairs;
mod stripped;
mod tags;

use std::borrow::Cow;

pub(crate) use characters::tidy;
pub(crate) use invisible::is_invisible;

/// The text without the traces of its exporter. Borrowed if nothing changes.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    // Entities first: exporters escape tags, and write invisible characters as entities.
    let steps: [fn(&str) -> Option<String>; 4] = [entities::decode, markup::resolve, stripped::restore, tidy];
    let mut cleaned = Cow::Borrowed(text);
    for step in steps {
        if let Some(changed) = step(&cleaned) {
            cleaned = Cow::Owned(changed);
        }
    }
    cleaned
}
