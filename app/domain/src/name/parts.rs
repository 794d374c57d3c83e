//! The parts of a name.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    organisation::{is_organisation, is_surely_organisation},
    words::{is_particle, is_suffix},
};
use crate::fold::fold;

/// A name split into parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NameParts {
    /// The name of a person.
    Person(PersonName),
    /// A collaboration, a team or a company. The name is never split.
    Organisation {
        /// The whole name.
        organisation: String,
    },
}

/// The parts of a person's name. A missing part is empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub struct PersonName {
    /// `Ludwig`
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given: String,
    /// `van`: a lower-case word before the family name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub particle: String,
    /// `Beethoven`
    pub family: String,
    /// `Jr.`
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
}

impl NameParts {
    /// A person's name with these parts.
    pub fn person(given: &str, particle: &str, family: &str, suffix: &str) -> Self {
        Self::Person(PersonName {
            given: given.to_owned(),
            particle: particle.to_owned(),
            family: family.to_owned(),
            suffix: suffix.to_owned(),
        })
    }

    /// The name of an organisation.
    pub fn organisation(name: &str) -> Self {
        Self::Organisation {
            organisation: name.to_owned(),
        }
    }

    /// From the three fields of arXiv's records: key name, forenames, suffix
    /// (<https://info.arxiv.org/help/prep.html#author>). A family name may begin with its particle. Some records put
    /// the particle or the suffix after the forenames.
    pub fn from_fields(family: &str, given: &str, suffix: &str) -> Self {
        let whole = [given, family, suffix]
            .map(str::trim)
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let is_one_part = given.trim().is_empty() && suffix.trim().is_empty();
        if is_surely_organisation(&whole) || is_one_part && is_organisation(&whole) {
            return Self::organisation(&whole);
        }
        let mut given: Vec<&str> = given.split_whitespace().collect();
        let mut family: Vec<&str> = family.split_whitespace().collect();
        let mut suffix = suffix.trim();
        if let [alone] = family[..]
            && suffix.is_empty()
            && given.len() > 1
            && is_suffix(alone)
        {
            // Some records have the suffix where the family name belongs.
            suffix = alone;
            family = given.split_off(given.len() - 1);
        }
        if suffix.is_empty() {
            for words in [&mut family, &mut given] {
                if words.len() > 1 && words.last().is_some_and(|word| is_suffix(word)) {
                    suffix = words.pop().unwrap_or_default();
                    break;
                }
            }
        }
        let begins = family
            .iter()
            .take(family.len().saturating_sub(1))
            .take_while(|word| is_particle(word))
            .count();
        let mut particle: Vec<&str> = family.drain(..begins).collect();
        while given.len() > 1 && given.last().is_some_and(|word| is_particle(word)) {
            particle.splice(..0, given.pop());
        }
        Self::person(
            &given.join(" "),
            &particle.join(" "),
            family.join(" ").trim_end_matches(','),
            suffix,
        )
    }

    /// Whether this is an organisation.
    pub fn is_organisation(&self) -> bool {
        matches!(self, Self::Organisation { .. })
    }

    /// The family name with its particle, or the name of the organisation.
    pub fn family(&self) -> String {
        match self {
            Self::Person(person) => [person.particle.as_str(), person.family.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
            Self::Organisation { organisation } => organisation.clone(),
        }
    }

    /// The key for comparing and sorting names: `van beethoven, ludwig` or `brown, robert jr`.
    pub fn sort_key(&self) -> String {
        let family = key(&self.family());
        let Self::Person(person) = self else { return family };
        let rest = key(&format!("{} {}", person.given, person.suffix));
        if rest.is_empty() {
            family
        } else {
            format!("{family}, {rest}")
        }
    }
}

/// A folded part of a name, without full stops: `J.K.` and `J. K.` are both `j k`.
pub(super) fn key(part: &str) -> String {
    let folded = fold(part);
    let mut key = String::with_capacity(folded.len());
    let mut after_stop = false;
    for c in folded.chars() {
        if c == '.' {
            after_stop = true;
            continue;
        }
        if after_stop && c.is_alphanumeric() {
            key.push(' ');
        }
        after_stop = false;
        key.push(c);
    }
    key.trim().to_owned()
}

impl fmt::Display for NameParts {
    /// The name as it is printed: given names first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(person) => {
                let parts = [&person.given, &person.particle, &person.family, &person.suffix];
                let parts: Vec<&str> = parts
                    .into_iter()
                    .map(String::as_str)
                    .filter(|part| !part.is_empty())
                    .collect();
                f.write_str(&parts.join(" "))
            }
            Self::Organisation { organisation } => f.write_str(organisation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_a_record_become_parts() {
        for (fields, parts, printed) in [
            (
                ("Brown", "Robert", "Jr."),
                NameParts::person("Robert", "", "Brown", "Jr."),
                "Robert Brown Jr.",
            ),
            (
                ("von Neumann", "John", ""),
                NameParts::person("John", "von", "Neumann", ""),
                "John von Neumann",
            ),
            (
                ("Beethoven", "Ludwig van", ""),
                NameParts::person("Ludwig", "van", "Beethoven", ""),
                "Ludwig van Beethoven",
            ),
            (
                ("García Márquez", "Gabriel", ""),
                NameParts::person("Gabriel", "", "García Márquez", ""),
                "Gabriel García Márquez",
            ),
            (
                ("Roe III", "Hal", ""),
                NameParts::person("Hal", "", "Roe", "III"),
                "Hal Roe III",
            ),
            (
                ("Collaboration", "ATLAS", ""),
                NameParts::organisation("ATLAS Collaboration"),
                "ATLAS Collaboration",
            ),
            (
                ("Han", "The Anh", ""),
                NameParts::person("The Anh", "", "Han", ""),
                "The Anh Han",
            ),
            (
                ("Li", "Jr-Shin", ""),
                NameParts::person("Jr-Shin", "", "Li", ""),
                "Jr-Shin Li",
            ),
            (
                ("Jr.", "Mark Smith", ""),
                NameParts::person("Mark", "", "Smith", "Jr."),
                "Mark Smith Jr.",
            ),
            (("Plato", "", ""), NameParts::person("", "", "Plato", ""), "Plato"),
            (("de", "", ""), NameParts::person("", "", "de", ""), "de"),
        ] {
            let read = NameParts::from_fields(fields.0, fields.1, fields.2);
            assert_eq!(read, parts, "{fields:?}");
            assert_eq!(read.to_string(), printed);
        }
    }

    #[test]
    fn initials_are_compared_without_full_stops() {
        let key = |given: &str| NameParts::person(given, "", "Łoś", "").sort_key();
        assert_eq!(key("J.K."), "los, j k");
        assert_eq!(key("J. K."), "los, j k");
        assert_eq!(key("C.-P."), "los, c-p");
    }
}
