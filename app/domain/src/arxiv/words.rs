//! Classifies the words of a text that may name a paper.

use super::{
    address::{Named, paper_of},
    archive::is_category,
};
use crate::{pasted_text::ascii_width, text::is_invisible};

/// The class of a word.
pub(super) enum Kind {
    /// An identifier. `is_marked`: it has a prefix or is in a URL.
    Paper { named: Named, is_marked: bool },
    /// A version: `v2`.
    Version(u32),
    /// A category in brackets, or a word such as `arXiv` or `eprint`: the identifier beside it is an arXiv identifier.
    Mark,
    /// A date, or a word used in arXiv citations.
    Beside,
    /// Any other word.
    Other,
}

/// A word.
pub(super) struct Word<'a> {
    /// The word without punctuation around it.
    pub text: &'a str,
    /// Whether it is inside brackets or quotes.
    pub is_enclosed: bool,
}

/// Words that mark an identifier as arXiv's: its own label, BibTeX and Zotero fields, and TeX link commands.
const MARKS: [&str; 14] = [
    "arxiv",
    "arxiv.org",
    "oai",
    "eprint",
    "_eprint",
    "e-print",
    "eprints",
    "e-prints",
    "eprinttype",
    "eprintclass",
    "archiveprefix",
    "primaryclass",
    "url",
    "href",
];
/// Words beside an identifier in citations and on arXiv's pages: “Cite as”, “or … for this version”.
const BESIDE: [&str; 22] = [
    "preprint",
    "abs",
    "pdf",
    "html",
    "corr",
    "doi",
    "id",
    "cite",
    "as",
    "or",
    "for",
    "this",
    "version",
    "submitted",
    "on",
    "note",
    "journal",
    "volume",
    "extra",
    "identifier",
    "paper",
    "howpublished",
];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The text without invisible characters, and with lookalikes of identifier characters replaced by ASCII.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| match ascii_width(c) {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{2044}' | '\u{2215}' => '/',
            // A leader, and the full stops of East Asian keyboards.
            '\u{2024}' | '。' | '｡' => '.',
            c => c,
        })
        .collect()
}

/// Splits plain text into words.
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut depth = 0_i32;
    text.split_inclusive(|c: char| c.is_whitespace() || is_enclosing(c))
        .filter_map(move |piece| {
            let is_enclosed = depth > 0;
            let end = piece.chars().next_back().filter(|c| is_enclosing(*c));
            match end {
                Some('[' | '(' | '{' | '<' | '「' | '【' | '《') => depth += 1,
                Some(']' | ')' | '}' | '>' | '」' | '】' | '》') => depth -= 1,
                _ => {}
            }
            let text =
                piece.trim_matches(|c: char| c.is_whitespace() || is_enclosing(c) || is_punctuation(c));
            (!text.is_empty()).then_some(Word { text, is_enclosed })
        })
}

fn is_enclosing(c: char) -> bool {
    matches!(
        c,
        '<' | '>'
            | '['
            | ']'
            | '('
            | ')'
            | '{'
            | '}'
            | '"'
            | '“'
            | '”'
            | '„'
            | '‘'
            | '’'
            | '«'
            | '»'
            | '「'
            | '」'
            | '【'
            | '】'
            | '《'
            | '》'
            | '|'
    )
}

fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '…'
            | '\''
            | '`'
            | '='
            | '*'
            | '_'
            | '~'
            | '-'
            | '#'
            | '&'
            | '\\'
            | '•'
            | '·'
            | '。'
            | '、'
    )
}

impl Word<'_> {
    /// Classifies the word.
    pub fn kind(&self) -> Kind {
        if let Some(named) = paper_of(self.text) {
            let is_marked = !self.text.starts_with(named.0.as_str());
            return Kind::Paper { named, is_marked };
        }
        // `eprint=2510.01234`
        if let Some((key, value)) = self.text.split_once('=')
            && is_one_of(key.trim(), &MARKS)
            && let Some(named) = paper_of(value.trim())
        {
            return Kind::Paper {
                named,
                is_marked: true,
            };
        }
        match self.text {
            text if version(text).is_some() => version(text).map_or(Kind::Other, Kind::Version),
            text if is_one_of(text, &MARKS) || self.is_enclosed && is_category(text) => Kind::Mark,
            text if is_one_of(text, &BESIDE) || is_date(text) => Kind::Beside,
            _ => Kind::Other,
        }
    }
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn version(text: &str) -> Option<u32> {
    let digits = text.strip_prefix(['v', 'V'])?;
    (digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

/// Whether it is a day of the month, a month, a year, a day of the week, or a date such as 2026-11-24.
fn is_date(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_number = !lower.is_empty() && lower.bytes().all(|b| b.is_ascii_digit());
    match lower.len() {
        1 | 2 if is_number => true,
        4 if is_number => (1991..2100).contains(&lower.parse().unwrap_or(0)),
        10 => {
            lower.split('-').map(str::len).eq([4, 2, 2])
                && lower.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        }
        3.. => WEEKDAYS.contains(&lower.as_str()) || MONTHS.iter().any(|month| month.starts_with(&lower)),
        _ => false,
    }
}
