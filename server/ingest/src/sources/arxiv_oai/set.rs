//! arXiv's names for its OAI-PMH sets.

use domain::Category;

/// The archives of the OAI-PMH group "physics".
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_a_group_an_archive_and_a_class() {
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
}
