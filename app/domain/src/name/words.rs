//! Words with a special meaning in names.

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

/// Capitalised particles: they belong to the family name, as in `Francesco De Sanctis`. Particles that are also common
/// names, such as `Le`, `La` or `Van`, are left out.
const CAPITAL_PARTICLES: [&str; 14] = [
    "Al", "Dal", "Dalla", "De", "Degli", "Del", "Della", "Den", "Der", "Di", "Dos", "El", "Von", "Zu",
];

/// Whether a capitalised word begins a family name of several words.
pub(super) fn is_capital_particle(word: &str) -> bool {
    CAPITAL_PARTICLES.contains(&word)
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
