//! arXiv identifiers (<https://info.arxiv.org/help/arxiv_identifier.html>).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The identifier of a paper on arXiv without its version: `2510.01234`, or before April 2007 `hep-th/9901001`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArxivId(String);

/// The highest version that is accepted, far above that of any paper.
pub const MOST_VERSION: u32 = 999;

/// A text that is not an arXiv identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an arXiv identifier such as 2510.01234 or hep-th/9901001")]
pub struct InvalidArxivId(String);

impl InvalidArxivId {
    /// The error for this text. It quotes the beginning of the text.
    pub(super) fn of(text: &str) -> Self {
        Self(text.chars().take(80).collect())
    }
}

impl ArxivId {
    /// The identifier as arXiv writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Year and month (1–12) of the first submission. Every arXiv identifier contains them.
    pub fn year_month(&self) -> (i16, i8) {
        let digits = self.0.rsplit('/').next().unwrap_or(&self.0);
        let yy: i16 = digits.get(..2).and_then(|d| d.parse().ok()).unwrap_or(0);
        let mm: i8 = digits.get(2..4).and_then(|d| d.parse().ok()).unwrap_or(1);
        (if yy >= 91 { 1900 + yy } else { 2000 + yy }, mm)
    }

    /// Reads an identifier with an optional version: `2510.01234v2` gives the paper and `Some(2)`.
    pub fn parse_versioned(text: &str) -> Result<(Self, Option<u32>), InvalidArxivId> {
        let invalid = || InvalidArxivId::of(text);
        let trimmed = text.trim();
        let (bare, version) = match trimmed.rsplit_once(['v', 'V']) {
            Some((bare, digits)) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                let version = digits
                    .parse()
                    .ok()
                    .filter(|version| (1..=MOST_VERSION).contains(version));
                (bare, Some(version.ok_or_else(invalid)?))
            }
            _ => (trimmed, None),
        };
        if is_modern(bare) {
            return Ok((Self(bare.to_owned()), version));
        }
        match canonical_old_style(bare) {
            Some(id) => Ok((Self(id), version)),
            None => Err(invalid()),
        }
    }
}

/// `YYMM.NNNN` until 2014, `YYMM.NNNNN` since 2015.
fn is_modern(text: &str) -> bool {
    let Some((month, number)) = text.split_once('.') else {
        return false;
    };
    month.len() == 4
        && (4..=5).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && valid_month(month)
}

/// `archive/YYMMNNN`. A subject class, as in `math.GT/0309136`, is removed, as arXiv does.
fn canonical_old_style(text: &str) -> Option<String> {
    let (archive, number) = text.split_once('/')?;
    let archive = archive.split('.').next().unwrap_or(archive).to_ascii_lowercase();
    let plausible = (2..=12).contains(&archive.len())
        && archive.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        && number.len() == 7
        && number.bytes().all(|b| b.is_ascii_digit())
        && valid_month(number.get(..4)?);
    plausible.then(|| format!("{archive}/{number}"))
}

fn valid_month(yymm: &str) -> bool {
    yymm.len() == 4
        && yymm.bytes().all(|b| b.is_ascii_digit())
        && matches!(yymm.get(2..4).and_then(|mm| mm.parse::<u8>().ok()), Some(1..=12))
}

impl FromStr for ArxivId {
    type Err = InvalidArxivId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse_versioned(text).map(|(id, _)| id)
    }
}

impl TryFrom<String> for ArxivId {
    type Error = InvalidArxivId;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ArxivId> for String {
    fn from(id: ArxivId) -> Self {
        id.0
    }
}

impl fmt::Display for ArxivId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_read_with_and_without_its_version() {
        let (id, version) = ArxivId::parse_versioned("2510.01234v2").expect("valid");
        assert_eq!((id.as_str(), version), ("2510.01234", Some(2)));
        assert_eq!(
            "hep-th/9901001v1".parse::<ArxivId>().expect("valid").as_str(),
            "hep-th/9901001"
        );
        assert_eq!(
            "math.GT/0309136".parse::<ArxivId>().expect("valid").as_str(),
            "math/0309136"
        );
    }

    #[test]
    fn anything_but_an_identifier_is_refused() {
        for text in [
            "",
            "v2",
            "2513.01234",
            "2500.1234",
            "25100.1234",
            "2510.123",
            "2510.1234567",
            "hep-th/99010",
            "a/b",
            "2510.01234v0",
            "2510.01234v4294967295",
            "../etc/passwd",
            "2510.0123４",
        ] {
            assert!(text.parse::<ArxivId>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_month_is_part_of_the_identifier() {
        let month = |id: &str| id.parse::<ArxivId>().expect("valid").year_month();
        assert_eq!(month("2510.01234"), (2025, 10));
        assert_eq!(month("hep-th/9901001"), (1999, 1));
        assert_eq!(month("0704.0001"), (2007, 4));
    }
}
