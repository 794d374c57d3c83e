//! arXiv's names for people and for sets.

use domain::{Category, text::one_line};

/// The archives that OAI-PMH keeps in the group "physics".
const PHYSICS: [&str; 13] = [
    "astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex",
    "nucl-th", "physics", "quant-ph",
];

/// The `setSpec` of a category or archive: group:archive:CATEGORY (<https://info.arxiv.org/help/oa/index.html>).
pub fn oai_set(category: &Category) -> String {
    let archive = category.archive();
    let class = category
        .as_str()
        .strip_prefix(archive)
        .and_then(|rest| rest.strip_prefix('.'));
    let group = if PHYSICS.contains(&archive) {
        "physics"
    } else {
        archive
    };
    match class {
        Some(class) => format!("{group}:{archive}:{class}"),
        None if group == archive && group != "physics" => archive.to_owned(),
        None => format!("{group}:{archive}"),
    }
}

/// A name on one line, its TeX accents as letters.
pub fn display_name(name: &str) -> String {
    one_line(&crate::maths::plain(name))
}

/// Splits "A. One, B. Two (Somewhere, Else) and C. Three" at its commas and "and", but not inside parentheses,
/// which hold affiliations and are left out.
pub fn joined_names(joined: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let flat: String = joined
        .chars()
        .filter(|c| match c {
            '(' => {
                depth += 1;
                false
            }
            ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect();
    flat.replace(" and ", ", ")
        .split(',')
        .map(|name| display_name(name.trim().strip_prefix("and ").unwrap_or(name)))
        .filter(|name| name.chars().any(char::is_alphabetic))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_named_by_group_archive_and_category() {
        for (category, set) in [
            ("cs", "cs"),
            ("cs.LG", "cs:cs:LG"),
            ("stat.ML", "stat:stat:ML"),
            ("math.OC", "math:math:OC"),
            ("hep-th", "physics:hep-th"),
            ("astro-ph.CO", "physics:astro-ph:CO"),
            ("physics", "physics:physics"),
            ("physics.optics", "physics:physics:optics"),
            ("q-bio.NC", "q-bio:q-bio:NC"),
        ] {
            assert_eq!(oai_set(&category.parse().expect(category)), set);
        }
    }

    #[test]
    fn joined_authors_are_split_outside_their_affiliations() {
        assert_eq!(
            joined_names("C. Bal\\'azs, E. L. Berger (Argonne, IL) and C.-P. Yuan"),
            ["C. Balázs", "E. L. Berger", "C.-P. Yuan"]
        );
    }
}
