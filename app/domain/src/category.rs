//! arXiv's subject categories and the archives that hold them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A category such as `cs.LG`, or a whole archive such as `cs`, which stands for all of `cs.*`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Category(String);

/// A text that is not a category.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an arXiv category (cs.LG) or archive (math)")]
pub struct InvalidCategory(String);

impl Category {
    /// The category as arXiv writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its archive: `cs` for `cs.LG`. `hep-th` is its own archive.
    pub fn archive(&self) -> &str {
        self.0.split('.').next().unwrap_or(&self.0)
    }
}

impl FromStr for Category {
    type Err = InvalidCategory;

    /// Reads a category in small or capital letters and writes it as arXiv does: a class of two letters in capitals
    /// (`cs.LG`), a longer one in small letters (`physics.optics`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidCategory(text.chars().take(40).collect());
        let text = text.trim();
        if text.is_empty() || text.len() > 32 {
            return Err(invalid());
        }
        let (archive, class) = match text.split_once('.') {
            Some((archive, class)) => (archive, Some(class)),
            None => (text, None),
        };
        let is_word = |part: &str| {
            part.len() >= 2
                && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-')
                && !part.starts_with('-')
        };
        if !is_word(archive) || class.is_some_and(|class| !is_word(class)) {
            return Err(invalid());
        }
        let archive = archive.to_ascii_lowercase();
        Ok(Self(match class {
            None => archive,
            Some(class) if class.len() == 2 => format!("{archive}.{}", class.to_ascii_uppercase()),
            Some(class) => format!("{archive}.{}", class.to_ascii_lowercase()),
        }))
    }
}

impl TryFrom<String> for Category {
    type Error = InvalidCategory;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Category> for String {
    fn from(category: Category) -> Self {
        category.0
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_written_as_arxiv_writes_it() {
        for (text, written) in [
            ("cs.lg", "cs.LG"),
            ("CS", "cs"),
            ("physics.Optics", "physics.optics"),
            ("cond-mat.str-el", "cond-mat.str-el"),
            ("astro-ph.co", "astro-ph.CO"),
        ] {
            assert_eq!(text.parse::<Category>().expect(text).as_str(), written);
        }
    }

    #[test]
    fn an_acm_class_or_a_sentence_is_refused() {
        for text in [
            "", "c", "68T05", "I.2.6", "cs.", ".LG", "cs LG", "a.b.c", "<script>", "-cs",
        ] {
            assert!(text.parse::<Category>().is_err(), "{text}");
        }
    }
}
