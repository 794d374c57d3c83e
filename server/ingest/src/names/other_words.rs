//! Words beside the names in a list of authors.

use domain::name::is_organisation;

/// Whether a text has letters, which every name has.
pub(super) fn names_somebody(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Whether a text means "and others".
pub(super) fn is_et_al(text: &str) -> bool {
    const WORDS: [&str; 7] = ["etal", "others", "andothers", "etalii", "al", "et", "and"];
    let letters = || {
        text.chars()
            .filter(|c| c.is_alphabetic())
            .flat_map(char::to_lowercase)
    };
    WORDS.iter().any(|word| letters().eq(word.chars()))
}

/// Whether a text is a degree or a grade of membership, as in "Ada Lovelace, Senior Member, IEEE".
pub(super) fn is_grade(text: &str) -> bool {
    const DEGREES: [&str; 9] = ["PhD", "PHD", "MD", "MSc", "DPhil", "DSc", "MPH", "MBA", "FRS"];
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
        .filter(|word| !word.is_empty());
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    if DEGREES.iter().any(|degree| letters().eq(degree.chars())) {
        return true;
    }
    let is_in = |words: &[&str], word: &str| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    let mut has_grade = false;
    let only_grades = words.all(|word| {
        let is_grade = is_in(&GRADES, word);
        has_grade |= is_grade;
        is_grade || is_in(&BESIDE, word)
    });
    only_grades && has_grade
}

/// The name after "on behalf of the", "for the" or similar words.
pub(super) fn after_for(text: &str) -> Option<&str> {
    let text = without_start(text, "and ").unwrap_or(text);
    let name = ["on behalf of ", "for ", "representing "]
        .iter()
        .find_map(|words| without_start(text, words))?;
    Some(without_start(name, "the ").unwrap_or(name))
}

/// The text after these words. Letter case is ignored.
fn without_start<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(words.len())?;
    start.eq_ignore_ascii_case(words).then(|| rest.trim_start())
}

/// A person and the organisation that the person writes for: `Ada Lovelace, on behalf of the X Collaboration`.
pub(super) fn person_and_organisation(name: &str) -> Option<(&str, &str)> {
    [" on behalf of ", " for ", " representing "]
        .iter()
        .find_map(|words| {
            let at = name.find(words)?;
            let organisation = after_for(&name[at + 1..])?;
            let person = name[..at].trim_end_matches([',', ' ']);
            // "Center for the Study of X": people have two names.
            (person.contains([' ', '.']) && !is_organisation(person) && is_organisation(organisation))
                .then_some((person, organisation))
        })
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
    if let Some(organisation) = after_for(name).filter(|organisation| is_organisation(organisation)) {
        name = organisation;
    }
    name = without_start(name, "and ").unwrap_or(name);
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
