//! What a plain HTML form needs besides its server function: where the browser goes next, and what it shows again if the
//! input is invalid. The rules of each form stand beside its server function.

use domain::{Density, ReadMarking};

use crate::pages::SubscribeForm;

/// The rules of one form.
#[derive(Debug, Clone, Copy)]
pub struct FormRules {
    /// The path of the server function.
    pub path: &'static str,
    /// Where the browser goes after success.
    pub back: Back,
    /// Whether success makes the reader's cookie last longer.
    pub renews_cookie: bool,
    /// What to show again if the input is invalid.
    pub refill: fn(&FormInput) -> Refill,
}

/// Where the browser goes after a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// To the path in the field `back`, else to the page that the form was sent from.
    Form,
    /// The same, and there to the card of the paper, not to the top of the page.
    Card,
    /// The same; `back` may also be the page that offers to restore a removed bookmark.
    CardOrUndo,
    /// To this path.
    To(&'static str),
}

/// Input that a page shows again, to be corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refill {
    /// Nothing: the visitor gets an error page.
    Nothing,
    /// The form on `/subscribe`.
    Subscribe(SubscribeForm),
    /// The form with the settings.
    Settings(SettingsInput),
}

/// Settings as they were typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettingsInput {
    /// Muted words, one per line.
    pub words: String,
    /// Muted categories.
    pub categories: String,
    /// The chosen density, if it was readable.
    pub density: Option<Density>,
    /// The chosen way to mark papers as read, if it was readable.
    pub marking: Option<ReadMarking>,
}

/// The decoded fields of a form, in order.
#[derive(Debug, Clone, Default)]
pub struct FormInput(Vec<(String, String)>);

impl FormInput {
    /// A form with these fields.
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a field, or an empty text.
    pub fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}

impl FormRules {
    /// A form that returns to its page, renews nothing and is not shown again.
    pub const fn simple(path: &'static str) -> Self {
        Self {
            path,
            back: Back::Form,
            renews_cookie: false,
            refill: |_| Refill::Nothing,
        }
    }
}
