//! Small functions about text.

/// Replaces each run of white space (including line breaks) and control characters by one space.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text
        .split(|c: char| c.is_whitespace() || c.is_control() || is_bidi_control(c))
        .filter(|word| !word.is_empty())
    {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Control characters of bidirectional text (Unicode Standard Annex 9) that affect the text after their own.
fn is_bidi_control(c: char) -> bool {
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
        assert_eq!(one_line("  a\n  b\u{0}c\td "), "a b c d");
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
