//! arXiv's archives (<https://arxiv.org/category_taxonomy>, and the archives that were merged into others).

/// Every archive that issued identifiers such as `hep-th/9901001`. The scheme ended in March 2007, so the list is complete.
const WITH_OLD_IDENTIFIERS: [&str; 34] = [
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph",
    "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex", "hep-lat", "hep-ph",
    "hep-th", "math", "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph",
    "q-alg", "q-bio", "quant-ph", "solv-int", "supr-con",
];

/// Archives added after the old identifier scheme ended.
const LATER: [&str; 4] = ["econ", "eess", "q-fin", "stat"];

/// Whether an archive has issued identifiers of the form `archive/YYMMNNN`.
pub(super) fn has_old_identifiers(archive: &str) -> bool {
    WITH_OLD_IDENTIFIERS
        .iter()
        .any(|known| archive.eq_ignore_ascii_case(known))
}

/// Whether a text is a category or an archive, such as `cs.LG` or `hep-th`.
pub(super) fn is_category(text: &str) -> bool {
    let (archive, class) = text.split_once('.').unwrap_or((text, "xx"));
    let is_class =
        (2..=20).contains(&class.len()) && class.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    let is_archive =
        has_old_identifiers(archive) || LATER.iter().any(|known| archive.eq_ignore_ascii_case(known));
    is_class && is_archive
}
