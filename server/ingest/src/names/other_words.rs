//! Words beside the names in a list of authors.

use domain::name::is_organisation;

/// Whether a text has letters, which every name has.
pub(super) fn names_somebody(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Whether a text means "and others".
pub(super) fn is_et_al(text: &str) -> bool {
    let letters: String = text
        .chars()
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    matches!(
        letters.as_str(),
        "etal" | "others" | "andothers" | "etalii" | "al" | "et" | "and"
    )
}

/// Whether a text is a degree or a grade of membership, as in "Ada Lovelace, Senior Member, IEEE".
pub(super) fn is_grade(text: &str) -> bool {
    const GRADES: [&str; 2] = ["member", "fellow"];
    const BESIDE: [&str; 8] = [
        "senior",
        "student",
        "graduate",
        "associate",
        "life",
        "ieee",
        "acm",
        "siam",
    ];
    let mut words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase);
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    if ["PhD", "PHD", "MD", "MSc", "DPhil", "DSc", "MPH", "MBA", "FRS"].contains(&letters.as_str()) {
        return true;
    }
    let mut has_grade = false;
    let only_grades = words.all(|word| {
        has_grade |= GRADES.contains(&word.as_str());
        GRADES.contains(&word.as_str()) || BESIDE.contains(&word.as_str())
    });
    only_grades && has_grade
}

/// A name without punctuation and marks of footnotes around it, without "on behalf of" and "for the", and without an
/// "et al." at its end.
pub(super) fn without_additions(name: &str) -> &str {
    let is_mark = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';' | ':' | '*' | '†' | '‡' | '§' | '¶' | '∗' | '¹' | '²' | '³'
            )
    };
    let mut name = name.trim_matches(is_mark);
    for words in ["on behalf of ", "for the ", "and "] {
        if let Some(start) = name.get(..words.len())
            && start.eq_ignore_ascii_case(words)
            && (words == "and " || is_organisation(name))
        {
            name = name[words.len()..].trim_start();
        }
    }
    // Numbers that distinguish people of one name, and identifiers of ORCID.
    if let Some((before, number)) = name.rsplit_once(' ')
        && number.len() >= 4
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '-' | 'X'))
    {
        name = before.trim_end();
    }
    for words in [" et al.", " et al", " et. al."] {
        name = name.strip_suffix(words).unwrap_or(name).trim_end_matches(',');
    }
    name
}
