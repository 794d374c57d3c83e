//! Reads JSON as programs really write it, even if it is not valid.

use serde_json::Value;

/// Reads a JSON text. If it is not valid, repairs the mistakes that common programs make and reads it again:
///
/// - `NaN`, `Infinity`, `-Infinity` (Python) and numbers that are too large count as null;
/// - half of a surrogate pair, left when a string was cut inside an emoji, becomes U+FFFD;
/// - unescaped control characters in strings are kept;
/// - a comma after the last element is ignored.
pub(super) fn parse(text: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(text).or_else(|error| {
        std::str::from_utf8(text)
            .ok()
            .and_then(|text| serde_json::from_str(&repaired(text)).ok())
            .ok_or_else(|| format!("not JSON: {error}"))
    })
}

/// The text with the repairs that [`parse`] lists. Takes linear time. Anything else is left unchanged.
fn repaired(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    // The index of the last comma in `out`, if only white space follows it.
    let mut comma = None;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            rest = copy_string(rest, &mut out);
            comma = None;
            continue;
        }
        let word = rest.len() - rest.trim_start_matches(is_of_word).len();
        if word > 0 {
            let (word, after) = rest.split_at(word);
            out.push_str(if is_not_a_number(word) { "null" } else { word });
            rest = after;
            comma = None;
            continue;
        }
        match (c, comma) {
            // Replace the comma with a space.
            (']' | '}', Some(at)) => out.replace_range(at..=at, " "),
            (',', _) => comma = Some(out.len()),
            _ => {}
        }
        if c != ',' && !c.is_ascii_whitespace() {
            comma = None;
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// Whether a character belongs to a number or a literal.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')
}

/// Whether a word stands for a missing number or a number that is too large to represent.
fn is_not_a_number(word: &str) -> bool {
    let bare = word.trim_start_matches(['+', '-']);
    ["nan", "inf", "infinity", "undefined", "none"]
        .iter()
        .any(|name| bare.eq_ignore_ascii_case(name))
        || (bare.starts_with(|c: char| c.is_ascii_digit()) && bare.parse::<f64>().is_ok_and(f64::is_infinite))
}

/// Copies the string at the beginning of `rest`, with its quotation marks. Returns the text after it.
fn copy_string<'text>(rest: &'text str, out: &mut String) -> &'text str {
    out.push('"');
    let mut rest = &rest[1..];
    while let Some(c) = rest.chars().next() {
        let (length, end) = match c {
            '"' => (1, true),
            '\\' => {
                rest = copy_escape(rest, out);
                continue;
            }
            c => (c.len_utf8(), false),
        };
        if c < ' ' {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
        rest = &rest[length..];
        if end {
            break;
        }
    }
    rest
}

/// Copies the escape at the beginning of `rest`, and for a surrogate the next escape too. Returns the text after it.
fn copy_escape<'text>(rest: &'text str, out: &mut String) -> &'text str {
    let (length, is_whole) = match unit(rest) {
        Some(0xd800..=0xdbff) => match rest.get(6..).and_then(unit) {
            Some(0xdc00..=0xdfff) => (12, true),
            _ => (6, false),
        },
        Some(0xdc00..=0xdfff) => (6, false),
        Some(_) => (6, true),
        // The backslash and the character after it.
        None => (1 + rest[1..].chars().next().map_or(0, char::len_utf8), true),
    };
    let (escape, after) = rest.split_at(length);
    out.push_str(if is_whole { escape } else { "\\ufffd" });
    after
}

/// The UTF-16 code unit of an escape such as `\u00e9` at the beginning of a text.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits
        .bytes()
        .all(|digit| digit.is_ascii_hexdigit())
        .then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_python_writes_for_missing_numbers_is_null() {
        assert_eq!(
            parse(br#"{"a":NaN,"b":[Infinity,-Infinity , nan],"c":"NaN, -Infinity","d":-NaN,"e":1e999,"f":-1e5,"NaN":true}"#),
            Ok(json!({"a": null, "b": [null, null, null], "c": "NaN, -Infinity", "d": null, "e": null, "f": -1e5, "NaN": true}))
        );
    }

    #[test]
    fn half_of_a_surrogate_pair_is_a_replacement_character() {
        for (text, expected) in [
            (r"Great results \ud83e", "Great results \u{fffd}"),
            (r"\ud83e\udd80 \udd80 \ud83e", "🦀 \u{fffd} \u{fffd}"),
            (r"\uD83E\uD83E\uDD80", "\u{fffd}🦀"),
            (r"\ud83e\n", "\u{fffd}\n"),
            (r"\ud83e\u00e9\\ud83e", "\u{fffd}é\\ud83e"),
            (r"\ud83e理", "\u{fffd}理"),
        ] {
            assert_eq!(
                parse(format!(r#"{{"a":"{text}"}}"#).as_bytes()),
                Ok(json!({"a": expected})),
                "{text}"
            );
        }
    }

    #[test]
    fn control_characters_in_strings_are_kept() {
        assert_eq!(
            parse(b"{\"a\":\"one\ttwo\nthree\x01\",\n\t\"b\":\"\\\t\"}").map_err(|_| ()),
            Err(()),
            "a backslash before a control character is no escape"
        );
        assert_eq!(
            parse(b"{\"a\":\"one\ttwo\nthree\x01\"}"),
            Ok(json!({"a": "one\ttwo\nthree\u{1}"}))
        );
    }

    #[test]
    fn a_comma_after_the_last_element_is_ignored() {
        assert_eq!(
            parse(br#"{"a":[1,2, ],"b":",]",}"#),
            Ok(json!({"a": [1, 2], "b": ",]"}))
        );
        for text in ["[,]", "[1,,2]", "{,}", "[1,,]"] {
            assert_eq!(
                parse(text.as_bytes()).is_ok(),
                ["[,]", "{,}"].contains(&text),
                "{text}"
            );
        }
    }

    #[test]
    fn any_other_mistake_is_refused_with_its_position() {
        for text in [
            "{",
            "{\"a\":\"cut",
            "{\"a\\",
            "{\"a\":\"\\u12",
            "NaN2",
            "{a:1}",
            "'a'",
            &"[".repeat(1_000_000),
        ] {
            let reason = parse(text.as_bytes()).expect_err("not JSON");
            assert!(
                reason.starts_with("not JSON: ") && reason.contains("column"),
                "{reason}"
            );
        }
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
    }

    proptest! {
        #[test]
        fn valid_json_is_not_changed(text in any::<String>(), number in any::<f64>()) {
            let value = json!({"a": text, "b": [number, {text: null}]});
            let written = value.to_string();
            prop_assert_eq!(serde_json::from_str::<Value>(&repaired(&written)).ok(), serde_json::from_str(&written).ok());
        }

        #[test]
        fn no_text_makes_the_repair_fail(text in r#"[\PC\\"ud8cNa\x00,\]}\[{]{0,40}"#) {
            let _ = repaired(&text);
        }
    }
}
