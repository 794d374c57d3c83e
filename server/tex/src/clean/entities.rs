//! HTML character references: `&alpha;`, `&#955;`, `&#x3bb;`.

use crate::steps;

/// The longest name is `&CounterClockwiseContourIntegral;`. Numbers may have leading zeros.
const LONGEST: usize = 40;

/// The text with its references resolved. `None` if it has none.
///
/// References that were escaped several times (`&amp;lt;`) are resolved as well. An ampersand that does
/// not begin a reference stays, as in `R&D`.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut decoded: Option<String> = None;
    let mut done = 0;
    let mut from = 0;
    while let Some(length) = text[from..].find('&') {
        let at = from + length;
        from = at + 1;
        let Some((value, end)) = reference(text, at) else {
            continue;
        };
        let out = decoded.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(&text[done..at]);
        // `\&lt;` was once `\<`, or `<` that TeX escaped. Only `\&` is TeX.
        if value != Value::Named("&") && ends_with_backslash(out) {
            out.pop();
        }
        value.push(out);
        (done, from) = (end, end);
    }
    let mut out = decoded?;
    out.push_str(&text[done..]);
    Some(out)
}

/// The text that a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Named(&'static str),
    Number(char),
}

impl Value {
    fn push(self, out: &mut String) {
        match self {
            Self::Named(text) => out.push_str(text),
            Self::Number(c) => out.push(c),
        }
    }

    fn is_ampersand(self) -> bool {
        matches!(self, Self::Named("&") | Self::Number('&'))
    }
}

/// The reference whose ampersand is at byte `at`, and the index after it. If it stands for an
/// ampersand, that ampersand may begin another reference.
fn reference(text: &str, at: usize) -> Option<(Value, usize)> {
    let mut found = None;
    let mut end = at + 1;
    while let Some((value, length)) = body(&text[end..]) {
        end += length;
        if !value.is_ampersand() {
            return Some((value, end));
        }
        found = Some((Value::Named("&"), end));
    }
    found
}

/// The reference without its ampersand at the beginning of `text`, and its length.
fn body(text: &str) -> Option<(Value, usize)> {
    steps::count(LONGEST);
    let length = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[..length];
    let Some(number) = name.strip_prefix('#') else {
        return named(name).map(|text| (Value::Named(text), length + 1));
    };
    let code = code(number)?;
    // Some exporters write the two UTF-16 units of an emoji as two references.
    if (0xd800..0xdc00).contains(&code)
        && let Some((low, more)) = low_surrogate(&text[length + 1..])
    {
        let pair = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        return Some((Value::Number(char::from_u32(pair)?), length + 1 + more));
    }
    Some((Value::Number(character(code)), length + 1))
}

/// A second UTF-16 unit such as `&#56832;` at the beginning of `text`, and its length.
fn low_surrogate(text: &str) -> Option<(u32, usize)> {
    let number = text.strip_prefix("&#")?;
    let length = number.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let low = code(&number[..length])?;
    (0xdc00..0xe000).contains(&low).then_some((low, length + 3))
}

/// The number of `955` or `x3bb`.
fn code(number: &str) -> Option<u32> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // `from_str_radix` would accept a sign.
    let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    is_number.then(|| u32::from_str_radix(digits, radix).unwrap_or(u32::MAX))
}

/// The character of a number. HTML reads 128 to 159 as Windows-1252
/// (<https://html.spec.whatwg.org/multipage/parsing.html#numeric-character-reference-end-state>).
fn character(code: u32) -> char {
    const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..0xa0 => WINDOWS_1252
            .chars()
            .nth(code as usize - 0x80)
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// The text of a named reference (<https://html.spec.whatwg.org/entities.json>).
fn named(name: &str) -> Option<&'static str> {
    let table = &html_escape::NAMED_ENTITIES;
    let row = table
        .binary_search_by(|(key, _)| (*key).cmp(name.as_bytes()))
        .ok()?;
    Some(table[row].1)
}

/// Whether the text ends with a backslash that is not itself escaped.
fn ends_with_backslash(text: &str) -> bool {
    text.bytes()
        .rev()
        .take_while(|byte| *byte == b'\\')
        .take(3)
        .count()
        == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> String {
        decode(text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn references_become_characters() {
        for (text, expected) in [
            ("a &lt; b &amp; c &gt; d", "a < b & c > d"),
            ("R&amp;D", "R&D"),
            (
                "O&#39;Neil, O&apos;Neil, O&#x27;Neil, O&#X27;Neil",
                "O'Neil, O'Neil, O'Neil, O'Neil",
            ),
            (
                "&lambda;-calculus, &#955;, &#x3bb;, &#x3BB;",
                "λ-calculus, λ, λ, λ",
            ),
            ("Schr&ouml;dinger &ndash; &quot;x&quot;", "Schrödinger – \"x\""),
            ("a&nbsp;b", "a\u{a0}b"),
            ("&NotEqualTilde;", "≂\u{338}"),
            ("&#64257;nd", "ﬁnd"),
            ("&#00955;", "λ"),
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    #[test]
    fn references_that_were_escaped_again_are_resolved() {
        for (text, expected) in [
            ("a &amp;lt; b", "a < b"),
            ("AT&amp;amp;T", "AT&T"),
            ("&amp;amp;amp;eacute;", "é"),
            ("&#38;gt; and &#x26;#955;", "> and λ"),
            ("R&amp;D;", "R&D;"),
            ("R\\&amp;D, a \\&lt; b", "R\\&D, a < b"),
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    #[test]
    fn other_ampersands_stay() {
        for text in [
            "AT&T",
            "R&D",
            "a & b",
            "Q&A;",
            "a &b; c",
            "&",
            "&;",
            "&#;",
            "&#x;",
            "&#xzz;",
            "&#-1;",
            "&lt b",
            "https://a.org/?x=1&copy=2",
            "&é;",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn invalid_numbers_are_read_as_browsers_read_them() {
        for (text, expected) in [
            ("1&#150;2 it&#146;s &#128;5", "1–2 it’s €5"),
            (
                "&#0;&#xd800;&#x110000;&#99999999999999;",
                "\u{fffd}\u{fffd}\u{fffd}\u{fffd}",
            ),
            ("&#55357;&#56832;", "😀"),
            ("&#xD83D;&#xDE00;!", "😀!"),
            ("&#55357;x", "\u{fffd}x"),
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }
}
