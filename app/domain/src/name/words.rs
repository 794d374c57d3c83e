//! Words with a special meaning in names.

use crate::fold::fold;

/// Whether a word is a name suffix: `Jr`, `Sr.`, `III`. A single `V` or `I` is an initial.
pub fn is_suffix(word: &str) -> bool {
    matches!(
        word.trim_end_matches('.').to_lowercase().as_str(),
        "jr" | "jnr"
            | "junior"
            | "sr"
            | "snr"
            | "senior"
            | "ii"
            | "iii"
            | "iv"
            | "vi"
            | "vii"
            | "viii"
            | "2nd"
            | "3rd"
            | "4th"
    ) && !matches!(word, "Junior" | "Senior" | "Vi" | "Ii")
}

/// Lower-case particles: `van`, `de la`.
const PARTICLES: [&str; 44] = [
    "af", "al", "am", "av", "ben", "bin", "bint", "d'", "da", "dal", "dalla", "das", "de", "degli", "dei",
    "del", "dela", "della", "den", "der", "des", "di", "do", "dos", "du", "e", "el", "ibn", "la", "las",
    "le", "los", "op", "'t", "te", "ten", "ter", "van", "vander", "vom", "von", "y", "zu", "zur",
];

/// Whether a word is a particle of a family name. Particles are in lower case.
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word) || word == "d’" || word == "’t"
}

/// Capitalised particles: they belong to the family name, as in `Francesco De Sanctis`.
const CAPITAL_PARTICLES: [&str; 14] = [
    "Al", "Dal", "Dalla", "De", "Degli", "Del", "Della", "Den", "Der", "Di", "Dos", "El", "Von", "Zu",
];
/// Capitalised particles that are also names. They are particles only directly before the last word or another particle.
const PARTICLES_AND_NAMES: [&str; 8] = ["Da", "Du", "La", "Le", "Lo", "St", "St.", "Van"];

/// Whether the capitalised word at this place begins a family name of several words: `Yann Le Cun`, `Pascal Van Hentenryck`.
/// In Vietnamese and Chinese names such a word is a name: `Minh Le Nguyen`, `Nguyen Van Anh`.
pub(super) fn is_capital_particle(words: &[&str], at: usize) -> bool {
    let is_one = |word: &str| CAPITAL_PARTICLES.contains(&word) || PARTICLES_AND_NAMES.contains(&word);
    let (Some(word), Some(next)) = (words.get(at), words.get(at + 1)) else {
        return false;
    };
    let is_before_last = at + 2 == words.len();
    let is_particle = CAPITAL_PARTICLES.contains(word)
        || PARTICLES_AND_NAMES.contains(word)
            && (is_before_last || is_one(next))
            && (!matches!(*word, "Da" | "Lo") || is_one(next) || is_romance(next));
    is_particle && !is_east_asian(words, at)
}

/// Whether a word looks Italian or Portuguese: `Prato`, `Silva`. Chinese names end differently, apart from short ones.
fn is_romance(word: &str) -> bool {
    let word = word.to_lowercase();
    word.chars().count() > 3
        && word.ends_with(['a', 'e', 'i', 'o'])
        && !["ao", "uo", "ui", "ei"]
            .iter()
            .any(|ending| word.ends_with(ending))
}

/// Frequent Vietnamese names.
const VIETNAMESE: [&str; 26] = [
    "anh", "bui", "dang", "dinh", "doan", "duc", "duong", "hoang", "huynh", "luong", "minh", "ngo", "nguyen",
    "nhan", "pham", "phan", "quoc", "thanh", "thi", "tran", "trinh", "truong", "tuan", "tung", "viet", "vu",
];

/// Whether a name is Vietnamese or Chinese, apart from the word at this place: it has a frequent Vietnamese name, or
/// only words of one syllable.
fn is_east_asian(words: &[&str], at: usize) -> bool {
    let others: Vec<String> = words
        .iter()
        .enumerate()
        .filter(|(place, word)| *place != at && !word.ends_with('.'))
        .flat_map(|(_, word)| word.split('-'))
        .map(fold)
        .collect();
    !others.is_empty()
        && (others.iter().any(|word| VIETNAMESE.contains(&word.as_str()))
            || others.iter().all(|word| is_syllable(word)))
}

/// Whether a folded word is a syllable of Vietnamese or of Chinese in pinyin. Some short European names are left out.
fn is_syllable(word: &str) -> bool {
    const EUROPEAN: [&str; 13] = [
        "ben", "dan", "guy", "jan", "jean", "jon", "leon", "loic", "luc", "marc", "rob", "tim", "tom",
    ];
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let Some(first) = word.find(is_vowel) else {
        return false;
    };
    let rest = &word[first..];
    let coda = rest.trim_start_matches(is_vowel);
    let vowels = rest.len() - coda.len();
    let is_onset = matches!(
        &word[..first],
        "" | "b"
            | "c"
            | "ch"
            | "d"
            | "f"
            | "g"
            | "gh"
            | "h"
            | "j"
            | "k"
            | "kh"
            | "l"
            | "m"
            | "n"
            | "ng"
            | "ngh"
            | "nh"
            | "p"
            | "ph"
            | "q"
            | "r"
            | "s"
            | "sh"
            | "t"
            | "th"
            | "tr"
            | "v"
            | "w"
            | "x"
            | "z"
            | "zh"
    );
    is_onset
        && vowels <= 4
        && matches!(coda, "" | "c" | "ch" | "m" | "n" | "ng" | "nh" | "p" | "t")
        && !EUROPEAN.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_recognised_and_initials_are_not() {
        for word in ["Jr", "Jr.", "JR", "jr.", "Sr.", "II", "III", "IV", "3rd"] {
            assert!(is_suffix(word), "{word}");
        }
        for word in ["V", "I", "Jr-Shin", "Vi", "X.", "Junior", ""] {
            assert!(!is_suffix(word), "{word}");
        }
    }
}
