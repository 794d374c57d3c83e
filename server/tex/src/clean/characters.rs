//! Normalises characters: no invisible ones, no ligatures, Unicode's form NFC.

use domain::text::is_joiner_or_selector;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::invisible::{is_invisible, is_needed};

/// The text without invisible characters and typographic ligatures, in form NFC. `None` if nothing
/// changes.
///
/// A line separator becomes a space. Other white space stays, because an empty line begins a
/// paragraph.
pub(crate) fn tidy(text: &str) -> Option<String> {
    if text.is_ascii() {
        return has_control(text).then(|| text.chars().filter(|c| !is_invisible(*c)).collect());
    }
    let is_odd = |c: char| match c {
        ' '..='~' => false,
        c => is_invisible(c) || is_joiner_or_selector(c) || replacement(c).is_some(),
    };
    let visible = text
        .contains(is_odd)
        .then(|| without_odd(text))
        .filter(|visible| visible != text);
    if is_nfc(visible.as_deref().unwrap_or(text)) {
        return visible;
    }
    Some(visible.as_deref().unwrap_or(text).nfc().collect())
}

fn has_control(ascii: &str) -> bool {
    // Without an early exit, the compiler can check many bytes at once.
    ascii.bytes().fold(false, |found, byte| {
        found | (byte < b' ' && !matches!(byte, b'\t'..=b'\r')) | (byte == 0x7f)
    })
}

fn without_odd(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut last = None;
    let mut characters = text.chars().filter(|c| !is_invisible(*c)).peekable();
    while let Some(c) = characters.next() {
        if let Some(letters) = replacement(c) {
            kept.push_str(letters);
            last = Some(c);
        } else if !is_joiner_or_selector(c) || is_needed(c, last, characters.peek().copied()) {
            kept.push(c);
            last = Some(c);
        }
    }
    kept
}

/// The replacement of a ligature or a line or paragraph separator.
///
/// The ligatures come from PDF files. Letters that only look like ligatures, such as æ, stay.
fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        '\u{2028}' | '\u{2029}' => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tidied(text: &str) -> String {
        tidy(text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn invisible_characters_go() {
        for (text, expected) in [
            ("trans\u{ad}for\u{200b}mers", "transformers"),
            ("\u{feff}a\u{200e}b\u{200f}c\u{202a}d\u{202e}", "abcd"),
            ("f\u{2061}(x)\u{2062}y\u{2063}z\u{2064}", "f(x)yz"),
            ("\u{2066}a\u{2069} \u{2060}b", "a b"),
            ("a\u{fffe}b\u{ffff}c\u{1fffe}d\u{fdd0}", "abcd"),
            ("a\u{e0041}\u{e007f}b", "ab"),
            ("a\u{0}b\u{7f}c\u{9f}d", "abcd"),
            ("a\u{200c}b\u{200d}c", "abc"),
            ("x\u{fe00}y\u{fe0f}z\u{180b}", "xyz"),
            ("a\u{115f}b\u{3164}c\u{34f}d\u{61c}", "abcd"),
        ] {
            assert_eq!(tidied(text), expected, "{text:?}");
        }
    }

    #[test]
    fn joiners_and_selectors_stay_where_they_change_the_text() {
        for text in [
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "ന\u{d4d}\u{200c}മ",
            "👩\u{200d}🔬",
            "👩🏽\u{200d}🚀",
            "❤\u{fe0f}\u{200d}🔥",
            "⚠\u{fe0f} and ☀\u{fe0e}",
            "1\u{fe0f}\u{20e3}",
            "葛\u{e0100}城",
            "ᠠ\u{180b}",
        ] {
            assert_eq!(tidy(text), None, "{text:?}");
        }
    }

    #[test]
    fn ligatures_are_written_out_and_separators_are_spaces() {
        for (text, expected) in [
            ("Eﬃcient ﬁnding of ﬂows, oﬀ", "Efficient finding of flows, off"),
            ("ruﬄe, faﬅ and ﬆill", "ruffle, fast and still"),
            ("a\u{2028}b\u{2029}c", "a b c"),
            ("œuvre, Ægir, ŉ, ĳ", "œuvre, Ægir, ŉ, ĳ"),
        ] {
            assert_eq!(tidied(text), expected, "{text:?}");
        }
    }

    #[test]
    fn letters_and_their_marks_are_composed() {
        for (text, expected) in [
            ("Erdo\u{30b}s", "Erdős"),
            ("A\u{30a}ngstro\u{308}m, \u{212b}", "Ångström, Å"),
            ("o\u{302}\u{301}", "ố"),
            ("q\u{308}", "q\u{308}"),
            ("u\u{200b}\u{308}", "ü"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
        ] {
            assert_eq!(tidied(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_tidy_text_is_borrowed() {
        for text in ["plain", "naïve\n\nparagraph", "x²\u{a0}y", ""] {
            assert_eq!(tidy(text), None, "{text:?}");
        }
    }
}
