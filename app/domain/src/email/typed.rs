//! Finds the address in text typed or pasted into a form: `Ada <ada@example.org>`, `mailto:ada@example.org`.

use percent_encoding::percent_decode_str;

use super::InvalidEmail;
use crate::{
    pasted_text::ascii_width,
    text::{is_invisible, is_joiner},
};

/// The longest text to read, in bytes. A longer one is not one address with a name.
const MOST_BYTES: usize = 4096;
/// Pairs that may surround an address: opening, closing.
const PAIRS: [(char, char); 12] = [
    ('<', '>'),
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('„', '“'),
    ('‘', '’'),
    ('«', '»'),
    ('「', '」'),
];
/// Punctuation that ends a sentence or a list item. No domain ends with it, and a final dot does not change the domain.
const PUNCTUATION: [char; 11] = ['.', ',', ';', ':', '!', '?', '。', '｡', '、', '،', '…'];

/// The address without the surrounding text. It is not validated yet.
pub(super) fn address_in(typed: &str) -> Result<String, InvalidEmail> {
    if typed.len() > MOST_BYTES {
        return Err(InvalidEmail::TooLong);
    }
    let text = visible(typed)?;
    let bare = without_name(&text)?;
    let Some(rest) = after_mailto(bare) else {
        return Ok(bare.to_owned());
    };
    // RFC 6068: the address is percent-encoded, and headers such as `subject` follow it.
    let encoded = rest.split('?').next().unwrap_or(rest);
    let decoded = visible(&percent_decode_str(encoded).decode_utf8_lossy())?;
    Ok(surrounded(&decoded).to_owned())
}

/// The text without invisible characters, with fullwidth characters as ASCII. Joiners stay, because a domain may need them.
fn visible(text: &str) -> Result<String, InvalidEmail> {
    // Copying from a table adds a tab. CR and LF are refused even at the ends: a one-line field never sends them.
    let text = text.trim_matches(['\t', ' ']);
    if text.chars().any(char::is_control) {
        return Err(InvalidEmail::Characters);
    }
    Ok(text
        .chars()
        .filter(|c| !is_invisible(*c) || is_joiner(*c))
        .map(ascii_width)
        .collect())
}

/// The address of `Ada <ada@example.org>`, `ada@example.org (Ada)` or `Ada [mailto:ada@example.org]`.
fn without_name(text: &str) -> Result<&str, InvalidEmail> {
    let text = text.trim().trim_end_matches(PUNCTUATION);
    for (open, close) in [('<', '>'), ('(', ')'), ('[', ']')] {
        let Some((before, inner)) = text.strip_suffix(close).and_then(|rest| rest.rsplit_once(open)) else {
            continue;
        };
        let (before, inner) = (before.trim(), inner.trim());
        if before.is_empty() {
            break;
        }
        return match (is_name(before), is_name(inner)) {
            (true, false) => Ok(surrounded(inner)),
            (false, true) => Ok(surrounded(before)),
            (true, true) => Err(InvalidEmail::At),
            // Outlook repeats the address as the name, and Markdown as the text of a link.
            (false, false) if bare(before).eq_ignore_ascii_case(bare(inner)) => Ok(surrounded(inner)),
            (false, false) => Err(InvalidEmail::At),
        };
    }
    Ok(surrounded(text))
}

/// Whether a text is the name beside an address: it contains no `@`, or it is one quoted string (RFC 5322, section 3.2.4).
fn is_name(text: &str) -> bool {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    !text.contains('@') || quoted.is_some_and(|inner| !inner.replace("\\\"", "").contains('"'))
}

/// The address without `mailto:` and surrounding characters.
fn bare(text: &str) -> &str {
    let text = surrounded(text);
    after_mailto(text).map_or(text, |rest| rest.split('?').next().unwrap_or(rest))
}

/// The text after `mailto:` or the incorrect `mailto://`.
fn after_mailto(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked("mailto:".len())?;
    scheme
        .eq_ignore_ascii_case("mailto:")
        .then(|| rest.strip_prefix("//").unwrap_or(rest).trim())
}

/// The text inside quotes, brackets and punctuation. An unpaired bracket is removed too: its partner was not copied.
fn surrounded(text: &str) -> &str {
    let mut inner = text;
    loop {
        let before = inner.len();
        inner = inner
            .trim()
            .trim_start_matches([',', ';', ':'])
            .trim_end_matches(PUNCTUATION);
        for (open, close) in PAIRS {
            if let Some(rest) = inner.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
                inner = rest;
            }
        }
        if inner.len() == before {
            break;
        }
    }
    inner
        .trim_start_matches(['<', '(', '[', '“', '„', '«'])
        .trim_end_matches(['>', ')', ']', '}', '"', '”', '»'])
}
