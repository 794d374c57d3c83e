//! arXiv identifiers, as arXiv's "Understanding the arXiv identifier" page defines them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The identifier of a paper on arXiv without its version: `2510.01234`, or before April 2007 `hep-th/9901001`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArxivId(String);

/// Far more versions than any paper has.
pub const MOST_VERSION: u32 = 999;

/// Why a text is no arXiv identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an arXiv identifier such as 2510.01234 or hep-th/9901001")]
pub struct InvalidArxivId(String);

impl ArxivId {
    /// The identifier as arXiv writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Year and month (1–12) in which the paper was first submitted: part of every arXiv identifier.
    pub fn year_month(&self) -> (i16, i8) {
        let digits = self.0.rsplit('/').next().unwrap_or(&self.0);
        let yy: i16 = digits.get(..2).and_then(|d| d.parse().ok()).unwrap_or(0);
        let mm: i8 = digits.get(2..4).and_then(|d| d.parse().ok()).unwrap_or(1);
        (if yy >= 91 { 1900 + yy } else { 2000 + yy }, mm)
    }

    /// Reads an identifier with an optional version: `2510.01234v2` gives the paper and `Some(2)`.
    pub fn parse_versioned(text: &str) -> Result<(Self, Option<u32>), InvalidArxivId> {
        let invalid = || InvalidArxivId(text.chars().take(80).collect());
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

    /// Finds the identifier in what people paste: `arXiv:2510.01234v2`, an abs, pdf or html URL of arXiv or of
    /// the readers built on it, or an arXiv DOI. `None` when the text is anything else.
    pub fn from_pasted(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains(char::is_whitespace) {
            return None;
        }
        if let Ok((id, _)) = Self::parse_versioned(text) {
            return Some(id);
        }
        let lower = text.to_ascii_lowercase();
        let after = |prefix: &str| {
            lower
                .strip_prefix(prefix)
                .and_then(|rest| text.get(text.len() - rest.len()..))
        };
        if let Some(rest) = after("arxiv:").or_else(|| after("10.48550/arxiv.")) {
            return Self::parse_versioned(rest).ok().map(|(id, _)| id);
        }
        let rest = after("https://").or_else(|| after("http://")).or_else(|| {
            // A URL pasted without its scheme.
            [
                "arxiv.org/",
                "www.arxiv.org/",
                "huggingface.co/papers/",
                "alphaxiv.org/",
            ]
            .iter()
            .any(|host| lower.starts_with(host))
            .then_some(text)
        })?;
        let (host, path) = rest.split_once('/')?;
        let path = path
            .split(['?', '#'])
            .next()
            .unwrap_or(path)
            .trim_end_matches('/');
        let host = host.to_ascii_lowercase();
        let known = [
            "arxiv.org",
            "alphaxiv.org",
            "huggingface.co",
            "hf.co",
            "doi.org",
            "ar5iv.org",
        ];
        if !known
            .iter()
            .any(|name| host == *name || host.ends_with(&format!(".{name}")))
        {
            return None;
        }
        let path = path.strip_suffix(".pdf").unwrap_or(path);
        let path_lower = path.to_ascii_lowercase();
        for prefix in [
            "abs/",
            "pdf/",
            "html/",
            "format/",
            "overview/",
            "papers/",
            "10.48550/arxiv.",
        ] {
            if path_lower.starts_with(prefix) {
                return Self::parse_versioned(&path[prefix.len()..])
                    .ok()
                    .map(|(id, _)| id);
            }
        }
        None
    }

    /// Finds the first identifier in what another program shares: `[2510.01234] A title`, a sentence with a link.
    pub fn in_text(text: &str) -> Option<Self> {
        let around =
            |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')' | '"' | '“' | '”');
        text.split(around)
            .map(|word| word.trim_end_matches(['.', ',', ';', ':', '!', '?']))
            .filter(|word| !word.is_empty())
            .find_map(Self::from_pasted)
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

/// `archive/YYMMNNN`; a subject class (`math.GT/0309136`) is dropped, as arXiv itself does.
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
    fn what_is_no_identifier_is_refused() {
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
    fn a_pasted_url_names_its_paper() {
        for text in [
            "arXiv:2510.01234",
            "https://arxiv.org/abs/2510.01234v3",
            "http://www.arxiv.org/pdf/2510.01234.pdf",
            "arxiv.org/abs/2510.01234?context=cs",
            "https://huggingface.co/papers/2510.01234",
            "https://www.alphaxiv.org/abs/2510.01234",
            "https://doi.org/10.48550/arXiv.2510.01234",
            "10.48550/arXiv.2510.01234",
        ] {
            assert_eq!(
                ArxivId::from_pasted(text).expect(text).as_str(),
                "2510.01234",
                "{text}"
            );
        }
        assert_eq!(
            ArxivId::from_pasted("https://arxiv.org/abs/hep-th/9901001")
                .expect("old")
                .as_str(),
            "hep-th/9901001"
        );
        for text in [
            "https://example.com/abs/2510.01234",
            "attention",
            "https://arxiv.org/list/cs.LG/new",
            "Ünïcode",
            "arXiv:é",
        ] {
            assert_eq!(ArxivId::from_pasted(text), None, "{text}");
        }
    }

    #[test]
    fn a_shared_text_names_its_paper() {
        for text in [
            "[2510.01234] A title, and what it says",
            "Look at this: https://arxiv.org/abs/2510.01234v2.",
            "A title (arXiv:2510.01234)\nhttps://example.com/",
            "<https://huggingface.co/papers/2510.01234>",
        ] {
            assert_eq!(
                ArxivId::in_text(text).expect(text).as_str(),
                "2510.01234",
                "{text}"
            );
        }
        for text in [
            "",
            "A title",
            "https://example.com/2510.01234",
            "on 12.2024 at 10:30",
        ] {
            assert_eq!(ArxivId::in_text(text), None, "{text}");
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
