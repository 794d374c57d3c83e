//! Accents of prose: `\"o`, `\'{e}`, `\c{c}`, `\v s`.

use unicode_normalization::char::compose;

/// The combining mark of an accent command, `'"'` for `\"` or `'c'` for `\c`.
fn combining(accent: char) -> Option<char> {
    Some(match accent {
        '`' => '\u{300}',
        '\'' => '\u{301}',
        '^' => '\u{302}',
        '~' => '\u{303}',
        '=' => '\u{304}',
        'u' => '\u{306}',
        '.' => '\u{307}',
        '"' => '\u{308}',
        'r' => '\u{30a}',
        'H' => '\u{30b}',
        'v' => '\u{30c}',
        'd' => '\u{323}',
        'c' => '\u{327}',
        'k' => '\u{328}',
        'b' => '\u{331}',
        't' => '\u{361}',
        _ => return None,
    })
}

/// Whether a backslash and this character are an accent. A letter is one only as a whole control
/// word.
pub(crate) fn is_accent(accent: char) -> bool {
    combining(accent).is_some()
}

/// The accent that a control word names: `c` for `\c`.
pub(crate) fn named(name: &str) -> Option<char> {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(accent), None) if is_accent(accent) => Some(accent),
        _ => None,
    }
}

/// `letter` with the accent: one character if Unicode has it, otherwise with a combining mark.
pub(crate) fn accented(accent: char, letter: char) -> String {
    let mut text = letter.to_string();
    add(accent, &mut text);
    text
}

/// Puts the accent on the last letter of `text`.
pub(crate) fn add(accent: char, text: &mut String) {
    let Some((mark, last)) = combining(accent).zip(text.pop()) else {
        return;
    };
    // The accent replaces the dot.
    let letter = match last {
        'ı' => 'i',
        'ȷ' => 'j',
        other => other,
    };
    match compose(letter, mark) {
        Some(composed) => text.push(composed),
        None => text.extend([letter, mark]),
    }
}

/// The accent by itself, as in `\~{}`. Empty for accents named by a letter.
pub(crate) fn alone(accent: char) -> &'static str {
    match accent {
        '`' => "`",
        '\'' => "'",
        '^' => "^",
        '~' => "~",
        '"' => "\"",
        '.' => ".",
        '=' => "=",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accented_letter_is_one_character_where_unicode_has_one() {
        for (accent, letter, expected) in [
            ('"', 'o', "ö"),
            ('c', 'c', "ç"),
            ('v', 's', "š"),
            ('\'', 'ı', "í"),
            ('\'', 'â', "ấ"),
            ('k', 'a', "ą"),
            ('H', 'u', "ű"),
            ('d', 's', "ṣ"),
            ('"', 'q', "q\u{308}"),
        ] {
            assert_eq!(accented(accent, letter), expected);
        }
    }
}
