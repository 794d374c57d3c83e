//! Author names split into parts: family name, given names, particle, suffix; and organisations.

mod organisation;
mod parse;
mod parts;
mod pattern;
mod words;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use organisation::{is_company_name, is_organisation};
pub use parts::{NameParts, PersonName};
pub use pattern::NamePattern;
pub use words::is_suffix;

/// The version of the rules that split and compare names. Raise it when [`Name::sort_key`] changes for any name, so that
/// stored sort keys are computed again.
pub const VERSION: i64 = 2;

/// An author's name: as printed, and split into parts.
///
/// Rules can split most printed names ([`NameParts::parse`]), so parts are stored only if a source gave different ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Name {
    display: String,
    parts: Option<Box<NameParts>>,
}

/// A name in JSON: a string, or an object if the rules give different parts.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Display(String),
    Parts(NameParts),
}

impl Name {
    /// A printed name: `Ada Lovelace`.
    pub fn new(display: impl Into<String>) -> Self {
        Self {
            display: display.into(),
            parts: None,
        }
    }

    /// A name whose parts a source gave.
    pub fn from_parts(parts: NameParts) -> Self {
        let display = parts.to_string();
        let follows = NameParts::parse(&display) == parts;
        Self {
            display,
            parts: (!follows).then(|| Box::new(parts)),
        }
    }

    /// The name as it is printed.
    pub fn as_str(&self) -> &str {
        &self.display
    }

    /// The parts of the name.
    pub fn parts(&self) -> NameParts {
        match &self.parts {
            Some(parts) => NameParts::clone(parts),
            None => NameParts::parse(&self.display),
        }
    }

    /// The parts, if the rules would give different ones.
    pub fn own_parts(&self) -> Option<&NameParts> {
        self.parts.as_deref()
    }

    /// The key for comparing and sorting names: family name first, folded ([`fold`](crate::fold::fold)), without full stops.
    pub fn sort_key(&self) -> String {
        self.parts().sort_key()
    }
}

/// The printed names, joined by commas.
pub fn joined(names: &[Name]) -> String {
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    names.join(", ")
}

impl From<Written> for Name {
    fn from(written: Written) -> Self {
        match written {
            Written::Display(display) => Self::new(display),
            Written::Parts(parts) => Self::from_parts(parts),
        }
    }
}

impl From<Name> for Written {
    fn from(name: Name) -> Self {
        match name.parts {
            Some(parts) => Self::Parts(*parts),
            None => Self::Display(name.display),
        }
    }
}

impl From<&str> for Name {
    fn from(display: &str) -> Self {
        Self::new(display)
    }
}

impl From<String> for Name {
    fn from(display: String) -> Self {
        Self::new(display)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display)
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.display == *other
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.display == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_stored_only_if_they_differ_from_the_parsed_name() {
        let person = |family: &str| NameParts::person("Gabriel", "", family, "");
        let rule = Name::from_parts(person("Márquez"));
        assert_eq!((rule.as_str(), rule.own_parts()), ("Gabriel Márquez", None));
        let own = Name::from_parts(person("García Márquez"));
        assert_eq!(own.as_str(), "Gabriel García Márquez");
        assert_eq!(own.parts(), person("García Márquez"));
        assert_eq!(own.sort_key(), "garcia marquez, gabriel");
    }

    #[test]
    fn a_name_without_words_is_empty() {
        assert_eq!(Name::new("").parts(), NameParts::person("", "", "", ""));
        assert_eq!(Name::new("").sort_key(), "");
    }
}
