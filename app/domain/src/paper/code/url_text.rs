//! Prepares text so that its URLs read as in a browser.

use crate::{escapes, pasted_text::ascii_width, text::is_invisible};

/// Opening and closing delimiters of a URL. White space between them comes from line breaks.
const DELIMITED: [(&str, char); 7] = [
    ("\\url{", '}'),
    ("\\href{", '}'),
    ("\\nolinkurl{", '}'),
    ("\\path{", '}'),
    ("\\hyperlink{", '}'),
    ("<http", '>'),
    ("<git", '>'),
];

/// The longest delimited URL, in bytes. A longer one is missing its closing delimiter.
const MOST_BYTES: usize = 400;

/// Resolves escapes, removes invisible characters, and joins URLs that were broken over lines, if they are delimited.
pub(super) fn url_text(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    // Bytes at the end of `rest` that are inside a delimited URL.
    let mut delimited_until = usize::MAX;
    while let Some(c) = rest.chars().next() {
        // Most characters are letters, which are copied at once.
        let letters = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if letters > 0 {
            let (word, after) = rest.split_at(letters);
            plain.push_str(word);
            rest = after;
            continue;
        }
        let is_delimited = rest.len() > delimited_until && delimited_until != usize::MAX;
        if let Some((resolved, after)) = escapes::at_start(rest) {
            plain.push_str(resolved);
            rest = after;
            continue;
        }
        if !is_delimited && let Some(length) = delimited(rest) {
            delimited_until = rest.len() - length;
        }
        match c {
            _ if is_invisible(c) || is_delimited && c.is_whitespace() => {}
            // Typesetting programs replace a hyphen with these.
            '\u{2010}' | '\u{2011}' => plain.push('-'),
            _ => plain.push(ascii_width(c)),
        }
        rest = &rest[c.len_utf8()..];
    }
    plain
}

/// The length of the delimited URL at the beginning of a text, without its closing delimiter; `None` for any other text.
fn delimited(text: &str) -> Option<usize> {
    if !text.starts_with(['\\', '<']) {
        return None;
    }
    let (start, end) = DELIMITED.iter().find(|(start, _)| text.starts_with(start))?;
    let mut depth = 0_usize;
    for (at, c) in text.char_indices().skip(start.len()) {
        if at > MOST_BYTES {
            return None;
        }
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            c if c == *end => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_in_urls_are_resolved() {
        for text in [
            r"github.com/a/b\_c",
            r"github.com/a/b{\_}c",
            r"github.com/a/b$\_$c",
            r"github.com/a/b\textunderscore{}c",
            r"github.com/a/b\textunderscore c",
            "github.com/a/b%5Fc",
            "github.com/a/b&#95;c",
            "github.com/a/b&#x5f;c",
            r"github.com/a/b\textunderscore\allowbreak{}c",
            r"github.com\/a\/b\_c",
            r"github.com/a/\allowbreak b_c",
            "github.com/a/b\u{ad}_\u{200b}c",
            "ｇｉｔｈｕｂ．ｃｏｍ／ａ／ｂ＿ｃ",
        ] {
            assert_eq!(url_text(text), "github.com/a/b_c", "{text}");
        }
    }

    #[test]
    fn a_broken_url_is_joined_only_if_it_is_delimited() {
        assert_eq!(
            url_text("at \\url{ https://github.com/a/\n  b-\nc } and more"),
            "at \\url{https://github.com/a/b-c} and more"
        );
        assert_eq!(
            url_text("<https://github.com/\r\na/b> and more"),
            "<https://github.com/a/b> and more"
        );
        for text in [
            "{https://github.com/a/b and more}",
            "\\url{https://github.com/a/b and",
            "a < b",
        ] {
            assert_eq!(url_text(text), text);
        }
        let long = format!("\\url{{{}}}", "a ".repeat(MOST_BYTES));
        assert_eq!(url_text(&long), long);
    }
}
