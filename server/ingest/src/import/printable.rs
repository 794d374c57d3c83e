//! Makes external text safe to print on a terminal.

use domain::text::{is_control_or_noncharacter, is_invisible};

/// The maximum length of the text printed about one record, in characters.
const MOST_PRINTED: usize = 300;

/// A text in which unsafe characters are escaped like `\u{1b}`: control characters (so there are no ANSI escape
/// sequences), line breaks, characters that reverse the writing direction, and invisible characters.
/// A text of more than 300 characters is truncated.
pub(crate) fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len().min(MOST_PRINTED));
    let mut length = 0;
    for c in text.chars() {
        let before = safe.len();
        if is_hidden(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
        length += safe[before..].chars().count();
        if length > MOST_PRINTED {
            safe.truncate(before);
            safe.push('…');
            break;
        }
    }
    safe
}

/// Whether a character is escaped: it is invisible, breaks the line or controls the terminal.
fn is_hidden(c: char) -> bool {
    c.is_control() || is_control_or_noncharacter(c) || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_text_has_no_control_characters() {
        for (text, expected) in [
            (
                "a plain “text” with é, 理 and 🦀",
                "a plain “text” with é, 理 and 🦀",
            ),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            (
                "line\nbreak\rand\u{2028}tab\t",
                "line\\u{a}break\\u{d}and\\u{2028}tab\\u{9}",
            ),
            ("\u{202e}gpj.exe\u{202c}", "\\u{202e}gpj.exe\\u{202c}"),
            (
                "a\u{3164}\u{34f}\u{fe00}\u{fe0f}\u{e0100}\u{e01ef}b",
                "a\\u{3164}\\u{34f}\\u{fe00}\\u{fe0f}\\u{e0100}\\u{e01ef}b",
            ),
            ("c1\u{9b}2J\u{200b}\u{feff}", "c1\\u{9b}2J\\u{200b}\\u{feff}"),
        ] {
            assert_eq!(printable(text), expected);
        }
    }

    #[test]
    fn printed_text_is_short() {
        for text in ["x".repeat(10_000), "\u{1b}".repeat(10_000), "理".repeat(10_000)] {
            let printed = printable(&text);
            assert!(
                printed.ends_with('…') && printed.chars().count() <= MOST_PRINTED + 1,
                "{printed}"
            );
        }
        assert_eq!(printable(&"x".repeat(MOST_PRINTED)), "x".repeat(MOST_PRINTED));
    }
}
