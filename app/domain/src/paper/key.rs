//! The public name of a paper.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{ArxivId, text};

/// The public name of a paper, as in URLs: its arXiv identifier, or a stable key of our own if it has none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PaperKey {
    /// The paper is on arXiv under this identifier.
    Arxiv(ArxivId),
    /// Made from the title, as in `bs-0123456789ab`: every installation gives the same paper the same key.
    Own(String),
}

/// A text that is not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a valid paper key: it must be an arXiv identifier or a key such as bs-0123456789ab")]
pub struct InvalidPaperKey(String);

impl PaperKey {
    /// The key of a paper without an arXiv identifier.
    pub fn of_title(title: &str) -> Self {
        Self::Own(format!(
            "bs-{:012x}",
            text::fingerprint(&text::title_key(title)) & 0xffff_ffff_ffff
        ))
    }

    /// The arXiv identifier, if it is one.
    pub fn arxiv_id(&self) -> Option<&ArxivId> {
        match self {
            Self::Arxiv(id) => Some(id),
            Self::Own(_) => None,
        }
    }

    /// The key without slashes, for element ids and file names.
    pub fn slug(&self) -> String {
        self.to_string().replace('/', "-")
    }
}

impl FromStr for PaperKey {
    type Err = InvalidPaperKey;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(hex) = text.strip_prefix("bs-")
            && hex.len() == 12
            && hex
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return Ok(Self::Own(text.to_owned()));
        }
        text.parse()
            .map(Self::Arxiv)
            .map_err(|_| InvalidPaperKey(text.chars().take(60).collect()))
    }
}

impl TryFrom<String> for PaperKey {
    type Error = InvalidPaperKey;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PaperKey> for String {
    fn from(key: PaperKey) -> Self {
        key.to_string()
    }
}

impl fmt::Display for PaperKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arxiv(id) => id.fmt(f),
            Self::Own(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_without_an_identifier_gets_a_stable_key() {
        let key = PaperKey::of_title("Goldilocks and the bootstrap");
        assert_eq!(key, PaperKey::of_title("Goldilocks  and the Bootstrap."));
        assert_eq!(key.to_string().parse::<PaperKey>(), Ok(key));
    }
}
