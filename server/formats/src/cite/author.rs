//! Names in the BibTeX field `author`.

use domain::{NameParts, name::PersonName};

use super::latex::escaped;

/// A name as BibTeX splits it: `von Neumann, John`, `Brown, Jr., Robert`, `{Gemini Team}`
/// ("Tame the BeaST", Nicolas Markey, 2009, section 11).
pub(super) fn author(name: &NameParts) -> String {
    match name {
        NameParts::Person(person) => of_person(person),
        NameParts::Organisation { organisation } => format!("{{{}}}", escaped(organisation)),
    }
}

fn of_person(person: &PersonName) -> String {
    let family = match family_needs_braces(person) {
        true => format!("{{{}}}", escaped(&person.family)),
        false => escaped(&person.family),
    };
    let last = [escaped(&person.particle), family]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if person.given.is_empty() && !person.suffix.is_empty() {
        // With one comma, BibTeX would read the suffix as given names.
        return format!("{{{last} {}}}", escaped(&person.suffix));
    }
    [last, part(&person.suffix), part(&person.given)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Given names or a suffix. Braces protect what BibTeX would split.
fn part(text: &str) -> String {
    match is_split(text) {
        true => format!("{{{}}}", escaped(text)),
        false => escaped(text),
    }
}

/// Whether BibTeX would misread this family name: a comma or "and" splits it, a lower-case word before its end is a
/// particle, and several words alone are given names and a family name.
fn family_needs_braces(person: &PersonName) -> bool {
    let words: Vec<&str> = person.family.split_whitespace().collect();
    let small_word = words.iter().rev().skip(1).any(|word| {
        word.chars()
            .find(|c| c.is_alphabetic())
            .is_some_and(char::is_lowercase)
    });
    let stands_alone = person.given.is_empty() && person.suffix.is_empty();
    is_split(&person.family) || small_word || (stands_alone && words.len() > 1)
}

fn is_split(text: &str) -> bool {
    text.contains(',')
        || text
            .split_whitespace()
            .any(|word| word.eq_ignore_ascii_case("and"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_so_that_bibtex_splits_them_correctly() {
        for (name, written) in [
            ("Ada Lovelace", "Lovelace, Ada"),
            ("Robert Brown Jr.", "Brown, Jr., Robert"),
            ("Hal Roe III", "Roe, III, Hal"),
            ("John von Neumann", "von Neumann, John"),
            ("Jr-Shin Li", "Li, Jr-Shin"),
            ("Plato", "Plato"),
            ("Gemini Team", "{Gemini Team}"),
            ("The ATLAS Collaboration", "{The ATLAS Collaboration}"),
            ("Rock and Roll Team", "{Rock and Roll Team}"),
            ("A. } B", r"B, A. \textbraceright{}"),
        ] {
            assert_eq!(author(&NameParts::parse(name)), written, "{name}");
        }
        let alone = NameParts::person("", "", "Brown", "Jr.");
        assert_eq!(author(&alone), "{Brown Jr.}");
        let own = NameParts::person("Ada", "", "Countess of Lovelace", "");
        assert_eq!(author(&own), "{Countess of Lovelace}, Ada");
    }
}
