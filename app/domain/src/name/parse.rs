//! Splits a printed name into parts.

use super::{
    organisation::is_organisation,
    parts::NameParts,
    words::{is_capital_particle, is_particle, is_suffix},
};

impl NameParts {
    /// Splits a printed name as BibTeX does ("Tame the BeaST", Nicolas Markey, 2009, section 11):
    /// `Ludwig van Beethoven`, `Robert Brown Jr.`, `Lovelace, Ada`, `Brown, Jr., Robert`. By default, the last word is the
    /// family name.
    pub fn parse(display: &str) -> Self {
        let display = display.trim();
        if is_organisation(display) {
            return Self::organisation(display);
        }
        let parts: Vec<&str> = display
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        match parts.as_slice() {
            [name] => in_order(name, ""),
            [name, suffix] if is_suffix(suffix) => in_order(name, suffix),
            [family, given] => Self::from_fields(family, given, ""),
            [family, suffix, given] if is_suffix(suffix) => Self::from_fields(family, given, suffix),
            [family, given, suffix] if is_suffix(suffix) => Self::from_fields(family, given, suffix),
            _ => Self::person("", "", display, ""),
        }
    }
}

/// A name whose given names come first.
fn in_order(name: &str, suffix: &str) -> NameParts {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let mut suffix = suffix;
    if suffix.is_empty() && words.len() > 2 && words.last().is_some_and(|word| is_suffix(word)) {
        suffix = words.pop().unwrap_or_default();
    }
    let last = words.len().saturating_sub(1);
    // Neither the first nor the last word is a particle.
    let particle = (1..last).find(|at| is_particle(words[*at]));
    let (given, particle, family) = match particle {
        Some(at) => {
            let end = (at..last).find(|at| !is_particle(words[*at])).unwrap_or(last);
            // `Laurens Van der Maaten`: the capitalised word belongs to the lower-case ones after it.
            let start = if at > 1 && matches!(words[at - 1], "Van" | "Von" | "De") {
                at - 1
            } else {
                at
            };
            if at > 1 && matches!(words[at], "y" | "i") {
                // `Santiago Ramón y Cajal`: the word joins two family names.
                (&words[..at - 1], &[][..], &words[at - 1..])
            } else {
                (&words[..start], &words[start..end], &words[end..])
            }
        }
        None => {
            let family = (1..last)
                .find(|at| is_capital_particle(&words, *at))
                .unwrap_or(last);
            (&words[..family], &[][..], &words[family..])
        }
    };
    NameParts::person(&given.join(" "), &particle.join(" "), &family.join(" "), suffix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_printed_name_is_split() {
        for (name, [given, particle, family, suffix]) in [
            ("Ada Lovelace", ["Ada", "", "Lovelace", ""]),
            ("Ludwig van Beethoven", ["Ludwig", "van", "Beethoven", ""]),
            ("Laurens van der Maaten", ["Laurens", "van der", "Maaten", ""]),
            ("Laurens Van der Maaten", ["Laurens", "Van der", "Maaten", ""]),
            ("Juan de la Cruz Martínez", ["Juan", "de la", "Cruz Martínez", ""]),
            ("Santiago Ramón y Cajal", ["Santiago", "", "Ramón y Cajal", ""]),
            ("Robert Brown Jr.", ["Robert", "", "Brown", "Jr."]),
            ("Robert Brown, Jr", ["Robert", "", "Brown", "Jr"]),
            ("Hal Roe III", ["Hal", "", "Roe", "III"]),
            ("Martin Luther King Jr", ["Martin Luther", "", "King", "Jr"]),
            ("Lovelace, Ada", ["Ada", "", "Lovelace", ""]),
            ("Brown, Jr., Robert", ["Robert", "", "Brown", "Jr."]),
            ("Brown, Robert, Jr.", ["Robert", "", "Brown", "Jr."]),
            ("van Beethoven, Ludwig", ["Ludwig", "van", "Beethoven", ""]),
            ("Jr-Shin Li", ["Jr-Shin", "", "Li", ""]),
            ("Kumar V", ["Kumar", "", "V", ""]),
            ("Francesco De Sanctis", ["Francesco", "", "De Sanctis", ""]),
            ("Nguyen Van Anh", ["Nguyen Van", "", "Anh", ""]),
            ("Quoc V. Le", ["Quoc V.", "", "Le", ""]),
            ("Yann Le Cun", ["Yann", "", "Le Cun", ""]),
            ("Y. Le Maho", ["Y.", "", "Le Maho", ""]),
            ("Loïc Le Folgoc", ["Loïc", "", "Le Folgoc", ""]),
            ("Le Thi Hoai", ["Le Thi", "", "Hoai", ""]),
            ("Hoai An Le Thi", ["Hoai An Le", "", "Thi", ""]),
            ("Minh Le Nguyen", ["Minh Le", "", "Nguyen", ""]),
            ("Nhan Le Thanh", ["Nhan Le", "", "Thanh", ""]),
            ("Le Van Cuong", ["Le Van", "", "Cuong", ""]),
            ("Yi Le Zhang", ["Yi Le", "", "Zhang", ""]),
            ("Xiao Di Wang", ["Xiao Di", "", "Wang", ""]),
            ("Gabriele La Spada", ["Gabriele", "", "La Spada", ""]),
            ("Jacques Louis Du Preez", ["Jacques Louis", "", "Du Preez", ""]),
            ("Pascal Van Hentenryck", ["Pascal", "", "Van Hentenryck", ""]),
            ("Luc Van Gool", ["Luc", "", "Van Gool", ""]),
            ("Anton Van Den Hengel", ["Anton", "", "Van Den Hengel", ""]),
            ("Dimitri Van De Ville", ["Dimitri", "", "Van De Ville", ""]),
            ("Tuoc Van Phan", ["Tuoc Van", "", "Phan", ""]),
            ("John Von Neumann", ["John", "", "Von Neumann", ""]),
            ("Lucia Della Vedova", ["Lucia", "", "Della Vedova", ""]),
            ("Katherine St. John", ["Katherine", "", "St. John", ""]),
            ("Giuseppe Da Prato", ["Giuseppe", "", "Da Prato", ""]),
            ("Richard Yi Da Xu", ["Richard Yi Da", "", "Xu", ""]),
            ("Yunlong Du Wenwei Kuang", ["Yunlong Du Wenwei", "", "Kuang", ""]),
            ("Carlos de", ["Carlos", "", "de", ""]),
            ("ada lovelace", ["ada", "", "lovelace", ""]),
            ("Plato", ["", "", "Plato", ""]),
            ("王伟", ["", "", "王伟", ""]),
            ("", ["", "", "", ""]),
        ] {
            assert_eq!(
                NameParts::parse(name),
                NameParts::person(given, particle, family, suffix),
                "{name}"
            );
        }
    }

    #[test]
    fn an_organisation_is_never_split() {
        for name in [
            "Gemini Team, Google",
            "Institute for Science and Technology",
            "OpenAI",
        ] {
            assert_eq!(NameParts::parse(name), NameParts::organisation(name));
        }
    }

    proptest! {
        #[test]
        fn the_parts_of_any_name_are_printed_again(name in r"[\PC ,.]{0,40}") {
            let parts = NameParts::parse(&name);
            let again = NameParts::parse(&parts.to_string());
            prop_assert_eq!(parts.to_string().is_empty(), name.trim_matches(|c: char| c == ',' || c.is_whitespace()).is_empty());
            let _ = again.sort_key();
        }
    }
}
