//! Accents of prose: `\"o`, `\'{e}`, `\c{c}`, `\v s`.

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

/// Accented letters that are one character of Unicode: the accent, the bare letters, the accented ones
/// in the same order.
const COMPOSED: [(char, &str, &str); 13] = [
    ('`', "aeiouAEIOUnN", "àèìòùÀÈÌÒÙǹǸ"),
    (
        '\'',
        "aeiouyAEIOUYcnsrzlgkmpwCNSRZLGKMPW",
        "áéíóúýÁÉÍÓÚÝćńśŕźĺǵḱḿṕẃĆŃŚŔŹĹǴḰḾṔẂ",
    ),
    ('^', "aeiouAEIOUcghjswyCGHJSWYzZ", "âêîôûÂÊÎÔÛĉĝĥĵŝŵŷĈĜĤĴŜŴŶẑẐ"),
    ('~', "anoANOiuIUeEyYvV", "ãñõÃÑÕĩũĨŨẽẼỹỸṽṼ"),
    ('"', "aeiouyAEIOUYhwxtHWX", "äëïöüÿÄËÏÖÜŸḧẅẍẗḦẄẌ"),
    ('=', "aeiouAEIOUyYgG", "āēīōūĀĒĪŌŪȳȲḡḠ"),
    (
        '.',
        "czgIeCZGEaAoObdfhmnprstwxyBDFHMNPRSTWXY",
        "ċżġİėĊŻĠĖȧȦȯȮḃḋḟḣṁṅṗṙṡṫẇẋẏḂḊḞḢṀṄṖṘṠṪẆẊẎ",
    ),
    ('u', "aegiouAEGIOU", "ăĕğĭŏŭĂĔĞĬŎŬ"),
    (
        'v',
        "cdenrstzgaiouklCDENRSTZGAIOUKLhHj",
        "čďěňřšťžǧǎǐǒǔǩľČĎĚŇŘŠŤŽǦǍǏǑǓǨĽȟȞǰ",
    ),
    ('H', "ouOU", "őűŐŰ"),
    ('r', "auAUyw", "åůÅŮẙẘ"),
    ('c', "cstegklnrdhCSTEGKLNRDH", "çşţȩģķļņŗḑḩÇŞŢȨĢĶĻŅŖḐḨ"),
    ('k', "aeiouAEIOU", "ąęįǫųĄĘĮǪŲ"),
];

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
    let letter = match letter {
        'ı' => 'i',
        'ȷ' => 'j',
        other => other,
    };
    let composed = COMPOSED
        .iter()
        .filter(|(mark, _, _)| *mark == accent)
        .find_map(|(_, bare, with)| {
            bare.chars()
                .zip(with.chars())
                .find(|(plain, _)| *plain == letter)
                .map(|(_, composed)| composed)
        });
    match composed {
        Some(composed) => composed.to_string(),
        None => std::iter::once(letter).chain(combining(accent)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accented_letter_is_one_character_where_unicode_has_one() {
        assert_eq!(accented('"', 'o'), "ö");
        assert_eq!(accented('c', 'c'), "ç");
        assert_eq!(accented('v', 's'), "š");
        assert_eq!(accented('\'', 'ı'), "í");
        assert_eq!(accented('"', 'q'), "q\u{308}");
    }

    #[test]
    fn every_bare_letter_has_its_counterpart() {
        for (mark, bare, with) in COMPOSED {
            assert_eq!(bare.chars().count(), with.chars().count(), "under {mark}");
        }
    }
}
