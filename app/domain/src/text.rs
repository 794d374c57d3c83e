//! Small functions about text.

/// Replaces each run of white space (including line breaks) by one space. Removes control characters, also those that
/// change the writing direction.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut is_after_space = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // Most characters come in words of plain ASCII, which are copied at once.
        let word = rest.bytes().take_while(u8::is_ascii_graphic).count();
        let length = if word > 0 { word } else { c.len_utf8() };
        let (part, after) = rest.split_at(length);
        rest = after;
        if c.is_whitespace() {
            is_after_space = true;
        } else if !c.is_control() && !is_bidi_control(c) {
            if is_after_space && !line.is_empty() {
                line.push(' ');
            }
            is_after_space = false;
            line.push_str(part);
        }
    }
    line
}

/// Whether a character is invisible on its own: Unicode's `Default_Ignorable_Code_Point`s (Unicode Standard, section
/// 5.21). Among them are soft hyphens, joiners, byte order marks, direction marks, fillers and variation selectors.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character is a zero-width joiner or non-joiner. Some scripts and emoji need them.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a character is a joiner or a variation selector: it is invisible, but can change how its neighbours look.
pub fn is_joiner_or_selector(c: char) -> bool {
    is_joiner(c)
        || matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a character has no place in a text: control characters except white space, interlinear annotations and
/// noncharacters (Unicode Standard, sections 23.7 and 23.8).
pub fn is_control_or_noncharacter(c: char) -> bool {
    let is_noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    let is_annotation = matches!(c, '\u{fff9}'..='\u{fffb}');
    is_noncharacter || is_annotation || (c.is_control() && !c.is_whitespace())
}

/// Whether a character sets the writing direction of the text after it: an embedding, an override or an isolate (Unicode
/// Standard Annex 9).
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A title reduced to its letters and digits, in small letters, so that the spellings of two sources match.
pub fn title_key(title: &str) -> String {
    title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): a stable fingerprint. It gives no protection against forgery.
pub fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Bytes as hexadecimal digits in small letters.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A count with a comma between groups of three digits: `12,345`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 paper`, `2 papers`: a count and its noun.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// The beginning of a text, at most `most` characters, cut between words and followed by “…”. If the first word is
/// longer than that, the word is cut.
pub fn beginning(text: &str, most: usize) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    // Leaves room for the ellipsis.
    let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let cut = match text[..end].rfind(char::is_whitespace) {
        Some(at) if at > 0 => at.min(last),
        _ => last,
    };
    let shortened = text[..cut]
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | '–' | '-'));
    format!("{shortened}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_becomes_single_spaces() {
        assert_eq!(
            one_line("  a\n  b\td\u{2028}e\u{2029}f\u{85}g\u{a0}h "),
            "a b d e f g h"
        );
    }

    #[test]
    fn removed_characters_leave_no_space_behind() {
        for (text, expected) in [
            ("b\u{0}c", "bc"),
            ("\u{202a}BERT\u{202c}-based", "BERT-based"),
            ("trans\u{2069}formers", "transformers"),
            ("a \u{2066} b", "a b"),
            ("\u{202e}\u{1b}", ""),
        ] {
            assert_eq!(one_line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn invisible_characters_are_known() {
        for c in [
            '\u{ad}', '\u{200b}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{202c}', '\u{fe0f}', '\u{3164}',
        ] {
            assert!(is_invisible(c), "{c:?}");
        }
        for c in ['a', ' ', '\u{a0}', '-', '\u{2010}', 'é', '。', '\n'] {
            assert!(!is_invisible(c), "{c:?}");
        }
    }

    #[test]
    fn joiners_selectors_and_direction_controls_are_invisible() {
        for c in '\0'..=char::MAX {
            let is_any = is_joiner_or_selector(c) || is_bidi_control(c);
            assert!(!is_any || is_invisible(c), "{c:?}");
            assert!(!(is_control_or_noncharacter(c) && is_invisible(c)), "{c:?}");
        }
    }

    #[test]
    fn the_beginning_of_a_text_ends_after_a_word() {
        assert_eq!(beginning(" all of it ", 9), "all of it");
        assert_eq!(beginning("one two, three", 10), "one two…");
        assert_eq!(beginning("one two", 3), "on…");
        assert_eq!(beginning("ééééé", 3), "éé…");
        assert_eq!(beginning("", 3), "");
        for most in 1..20 {
            assert!(
                beginning("words, of an — abstract", most).chars().count() <= most,
                "{most}"
            );
        }
    }

    #[test]
    fn bytes_are_written_as_hexadecimal_digits() {
        assert_eq!(hex(&[0, 0x0f, 0xa1]), "000fa1");
        assert_eq!(hex(&[]), "");
    }

    #[test]
    fn two_spellings_of_a_title_have_one_key() {
        assert_eq!(
            title_key("Gradient Descent: A  Study"),
            title_key("gradient descent — a study")
        );
    }

    #[test]
    fn counts_have_commas_and_nouns() {
        assert_eq!(
            (grouped(0), grouped(999), grouped(1000), grouped(1234567)),
            ("0".into(), "999".into(), "1,000".into(), "1,234,567".into())
        );
        assert_eq!(counted(1, "paper", "papers"), "1 paper");
    }
}
