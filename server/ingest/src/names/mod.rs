//! The names of authors as sources write them.

mod drafts;
mod list;
mod other_words;
mod parentheses;

use domain::{Name, NameParts, text::one_line};

use drafts::{Draft, finished, push_printed};
pub(crate) use list::is_one_name;
pub use list::split_names;

/// A name as a source writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawName<'a> {
    /// As it is printed, perhaps with the family name first.
    Printed(&'a str),
    /// In fields.
    Fields {
        /// The family name, or the whole name of an organisation.
        family: &'a str,
        /// The given names.
        given: &'a str,
        /// `Jr.`
        suffix: &'a str,
    },
}

fn has_collaboration_and_parentheses(printed: &str) -> bool {
    let lower = printed.to_lowercase();
    printed.contains('(') && (lower.contains("collaboration") || lower.contains("consortium"))
}

/// The names of the authors of a paper, one author each: letters instead of TeX accents and entities. Text that is not a name
/// is left out. Names that a source split wrongly are repaired: a suffix belongs to the name before it, and a colon separates
/// two names.
pub fn clean_names<'a>(names: impl IntoIterator<Item = RawName<'a>>) -> Vec<Name> {
    let plain = |text: &str| one_line(&tex::plain(text));
    let mut drafts = Vec::new();
    for name in names {
        match name {
            // `ATLAS Collaboration (G. Aad, B. Abbott)`
            RawName::Printed(printed) if has_collaboration_and_parentheses(printed) => {
                drafts.extend(split_names(printed).iter().map(Draft::of_name));
            }
            RawName::Printed(printed) => push_printed(&mut drafts, &plain(printed)),
            RawName::Fields {
                family,
                given,
                suffix,
            } => {
                let [family, given, suffix] = [family, given, suffix].map(plain);
                if given.is_empty() && suffix.is_empty() {
                    push_printed(&mut drafts, &family);
                } else {
                    drafts.push(Draft::Parts(NameParts::from_fields(&family, &given, &suffix)));
                }
            }
        }
    }
    finished(drafts)
}

/// Cleans names that are data already. The parts that a source gave stay.
pub fn again(names: &[Name]) -> Vec<Name> {
    let fields: Vec<Option<[String; 3]>> = names.iter().map(own_fields).collect();
    clean_names(names.iter().zip(&fields).map(|(name, fields)| match fields {
        Some([family, given, suffix]) => RawName::Fields {
            family,
            given,
            suffix,
        },
        None => RawName::Printed(name.as_str()),
    }))
}

/// The parts that a source gave: family name with its particle, given names, suffix.
fn own_fields(name: &Name) -> Option<[String; 3]> {
    match name.own_parts()? {
        parts @ NameParts::Person(person) => {
            Some([parts.family(), person.given.clone(), person.suffix.clone()])
        }
        NameParts::Organisation { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(name: &str) -> RawName<'_> {
        RawName::Printed(name)
    }

    fn fields<'a>(family: &'a str, given: &'a str, suffix: &'a str) -> RawName<'a> {
        RawName::Fields {
            family,
            given,
            suffix,
        }
    }

    #[test]
    fn names_that_a_source_split_wrongly_are_repaired() {
        let names = ["Fred Bloggs", "Jr.", ":", "O&#39;Neil, Ada", "et al."].map(printed);
        assert_eq!(clean_names(names), ["Fred Bloggs Jr.", "Ada O'Neil"]);
        let names = [
            fields("Bloggs", "Fred", ""),
            fields("Jr.", "", ""),
            printed("BELLE Collaboration: A. Person"),
        ];
        assert_eq!(
            clean_names(names),
            ["Fred Bloggs Jr.", "BELLE Collaboration", "A. Person"]
        );
    }

    #[test]
    fn a_collaboration_is_an_author_of_its_own() {
        for (name, names) in [
            (
                "ATLAS Collaboration (G. Aad, B. Abbott)",
                &["ATLAS Collaboration", "G. Aad", "B. Abbott"][..],
            ),
            (
                "G. Aad et al. (ATLAS Collaboration)",
                &["G. Aad", "ATLAS Collaboration"],
            ),
            (
                "Ada Lovelace on behalf of the X Collaboration",
                &["Ada Lovelace", "X Collaboration"],
            ),
            (
                "Center for the Study of X and the Y Group",
                &["Center for the Study of X and the Y Group"],
            ),
        ] {
            assert_eq!(clean_names([printed(name)]), names, "{name}");
        }
        let team = ["Gemini Team", "Google", "Ada Lovelace"].map(printed);
        assert_eq!(clean_names(team), ["Gemini Team, Google", "Ada Lovelace"]);
    }

    #[test]
    fn fields_of_a_record_are_kept_as_parts() {
        let names = clean_names([fields("Garc\\'ia M\\'arquez", "Gabriel", "")]);
        assert_eq!(names, ["Gabriel García Márquez"]);
        assert_eq!(
            names[0].parts(),
            NameParts::person("Gabriel", "", "García Márquez", "")
        );
        assert_eq!(clean_names([fields("O&#39;Neil", "Ada", "")]), ["Ada O'Neil"]);
        assert_eq!(clean_names([fields(":", "", "")]), Vec::<Name>::new());
    }
}
