//! Matches author names against a typed name.

use super::parts::{NameParts, key};

/// The author names that match a typed name.
///
/// `Ada Lovelace` and `Lovelace, Ada` match only this person's name. `von Neumann` also matches a two-word family name.
/// `Lovelace_A` matches all names with this family name and initial, as in arXiv's API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    /// Matching sort keys ([`Name::sort_key`](super::Name::sort_key)).
    pub exact: Vec<String>,
    /// Prefixes of matching sort keys.
    pub prefixes: Vec<String>,
    /// Phrases that the printed name always contains, for the full-text index.
    pub words: Vec<String>,
}

impl NamePattern {
    /// Reads a typed name. `None` for one word, which matches every name that contains it.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim_matches(|c: char| c == ',' || c.is_whitespace());
        if let Some(pattern) = Self::family_and_initial(typed) {
            return Some(pattern);
        }
        if typed.contains(',') {
            return Some(Self::family_first(typed));
        }
        if !typed.contains(char::is_whitespace) {
            return None;
        }
        let mut exact = splits(typed);
        exact.extend([NameParts::parse(typed).sort_key(), key(typed)]);
        exact.dedup();
        Some(Self {
            exact,
            prefixes: vec![format!("{}, ", key(typed))],
            words: vec![typed.to_owned()],
        })
    }

    /// `Lovelace, Ada`: this name, with or without more given names. `Lovelace, A.`: this family name and initial.
    fn family_first(typed: &str) -> Self {
        let parts = NameParts::parse(typed);
        let whole = parts.sort_key();
        // An initial at the end stands for every name that begins with it.
        let ends_with_initial = whole
            .rsplit(' ')
            .next()
            .is_some_and(|word| word.chars().count() == 1);
        let prefix = if ends_with_initial {
            whole.clone()
        } else {
            format!("{whole} ")
        };
        let given = match &parts {
            NameParts::Person(person) => person.given.clone(),
            NameParts::Organisation { .. } => String::new(),
        };
        let words = given
            .split_whitespace()
            .filter(|word| word.trim_end_matches('.').chars().count() > 1);
        let words = std::iter::once(parts.family())
            .chain(words.map(str::to_owned))
            .collect();
        // The rules may split the same name, printed with the given names first, at another word.
        let mut exact = splits(&parts.to_string());
        exact.push(whole);
        Self {
            exact,
            prefixes: vec![prefix],
            words,
        }
    }

    /// One word in quotation marks: the name of somebody who has only this name, such as an organisation.
    pub fn of_one_word(word: &str) -> Self {
        Self {
            exact: vec![key(word)],
            prefixes: Vec::new(),
            words: vec![word.to_owned()],
        }
    }

    /// `Lovelace_A` or `van_Beethoven_L`, as in arXiv's API: the family name, then the initial.
    fn family_and_initial(typed: &str) -> Option<Self> {
        let (family, initial) = typed.rsplit_once('_')?;
        let family = family.replace('_', " ");
        if family.trim().is_empty() || initial.is_empty() || typed.contains(char::is_whitespace) {
            return None;
        }
        let start = sort_key(&family, initial);
        Some(Self {
            exact: Vec::new(),
            prefixes: vec![start],
            words: vec![family.trim().to_owned()],
        })
    }

    /// Whether a name with this sort key matches.
    pub fn matches(&self, sort_key: &str) -> bool {
        self.exact.iter().any(|exact| exact == sort_key)
            || self.prefixes.iter().any(|prefix| sort_key.starts_with(prefix))
    }
}

/// The sort keys of a printed name, whatever word its source split it at.
fn splits(printed: &str) -> Vec<String> {
    let words: Vec<&str> = printed.split_whitespace().collect();
    (1..words.len())
        .map(|at| sort_key(&words[at..].join(" "), &words[..at].join(" ")))
        .collect()
}

fn sort_key(family: &str, given: &str) -> String {
    format!("{}, {}", key(family), key(given))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;

    fn finds(typed: &str, name: &Name) -> bool {
        NamePattern::parse(typed).expect(typed).matches(&name.sort_key())
    }

    #[test]
    fn a_whole_name_matches_only_that_name() {
        for (typed, name, other) in [
            ("Wang Wei", "Wang Wei", "Wei Wang"),
            ("Li Wang", "Li Wang", "Xiao-Li Wang"),
            ("Wei Wang", "Wei Wang", "Wei Wang Li"),
            ("Robert Brown Jr.", "Robert Brown Jr", "Robert Brown"),
            ("Lukasz Kaiser", "Łukasz Kaiser", "Lukas Kaiser"),
            ("J.K. Rowling", "J. K. Rowling", "J. Rowling"),
            ("John von Neumann", "John von Neumann", "John Neumann"),
            ("Gemini Team", "Gemini Team", "Gemini Team Google"),
        ] {
            assert!(finds(typed, &name.into()), "{typed} is {name}");
            assert!(!finds(typed, &other.into()), "{typed} is not {other}");
        }
        let split = Name::from_parts(NameParts::person("Gabriel", "", "García Márquez", ""));
        assert!(finds("Gabriel Garcia Marquez", &split));
    }

    #[test]
    fn family_name_first_and_initials_find_the_person() {
        for typed in [
            "Lovelace, Ada",
            "lovelace, ada",
            "Lovelace_A",
            "lovelace_ada",
            "Lovelace, A.",
            "Lovelace,A",
        ] {
            assert!(finds(typed, &"Ada Lovelace".into()), "{typed}");
            assert!(!finds(typed, &"Bea Lovelace".into()), "{typed}");
        }
        assert!(finds("Lovelace, Ada", &"Ada King Lovelace".into()));
        assert!(finds("García Márquez, Gabriel", &"Gabriel García Márquez".into()));
        assert!(finds("Le Guin, Ursula K.", &"Ursula K. Le Guin".into()));
        assert!(finds("King, Martin L.", &"Martin Luther King".into()));
        assert!(finds("Brown, Jr., Robert", &"Robert Brown Jr.".into()));
        assert!(finds("Brown, Robert, Jr.", &"Robert Brown Jr.".into()));
        assert!(finds("van_Beethoven_L", &"Ludwig van Beethoven".into()));
        assert!(finds("von Neumann", &"John von Neumann".into()));
        assert!(finds("van der Maaten", &"Laurens van der Maaten".into()));
    }

    #[test]
    fn one_word_in_quotation_marks_is_a_whole_name() {
        let pattern = NamePattern::of_one_word("Zhang");
        assert!(pattern.matches(&Name::from("Zhang").sort_key()));
        assert!(!pattern.matches(&Name::from("Wei Zhang").sort_key()));
    }

    #[test]
    fn one_word_is_not_a_pattern() {
        for typed in ["", "Lovelace", "_", "Lovelace_", "_A", ",", "Lovelace,"] {
            assert_eq!(NamePattern::parse(typed), None, "{typed}");
        }
    }
}
