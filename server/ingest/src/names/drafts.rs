//! Names while a list of authors is read.

use domain::{Name, NameParts, name::is_company_name, name::is_organisation, name::is_suffix};

use super::other_words::{is_et_al, is_grade, names_somebody, person_and_organisation, without_additions};

/// A name that may still get a suffix.
pub(super) enum Draft {
    Printed(String),
    Parts(NameParts),
}

impl Draft {
    /// A name that is data already.
    pub(super) fn of_name(name: &Name) -> Self {
        match name.own_parts() {
            Some(parts) => Self::Parts(parts.clone()),
            None => Self::Printed(name.to_string()),
        }
    }
}

/// Names that are plain already, one author each.
pub(super) fn of_plain_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Name> {
    let mut drafts = Vec::new();
    for name in names {
        push_printed(&mut drafts, name);
    }
    finished(drafts)
}

/// Adds a printed name, and the organisation that the person writes for.
pub(super) fn push_printed(drafts: &mut Vec<Draft>, printed: &str) {
    let parts = printed.split(':').map(str::trim).flat_map(|part| {
        let (person, organisation) = person_and_organisation(part).unzip();
        std::iter::once(person.unwrap_or(part)).chain(organisation)
    });
    for part in parts {
        match drafts.last_mut() {
            // `Gemini Team, Google`
            Some(Draft::Printed(before)) if before.ends_with(" Team") && is_company_name(part) => {
                before.push_str(", ");
                before.push_str(part);
            }
            Some(Draft::Printed(before)) if is_suffix(part) => {
                before.push(' ');
                before.push_str(part);
            }
            Some(Draft::Parts(NameParts::Person(before))) if is_suffix(part) && before.suffix.is_empty() => {
                part.clone_into(&mut before.suffix);
            }
            _ => drafts.push(Draft::Printed(part.to_owned())),
        }
    }
}

/// The names. Drafts that are not names are left out.
pub(super) fn finished(drafts: Vec<Draft>) -> Vec<Name> {
    drafts
        .into_iter()
        .filter_map(|draft| match draft {
            Draft::Printed(printed) => name_of_plain(&printed),
            Draft::Parts(parts) => Some(Name::from_parts(parts)).filter(|name| is_name(name.as_str())),
        })
        .collect()
}

/// The plain form of a printed name. `None` if no name remains.
fn name_of_plain(name: &str) -> Option<Name> {
    let name = without_additions(name);
    is_name(name).then(|| turned_round(name))
}

fn is_name(text: &str) -> bool {
    names_somebody(text) && !is_et_al(text) && !is_grade(text)
}

/// A name written family name first, returned with the given names first. An organisation is unchanged.
fn turned_round(name: &str) -> Name {
    if name.contains(',') && !is_organisation(name) {
        return Name::from_parts(NameParts::parse(name));
    }
    Name::new(name)
}
