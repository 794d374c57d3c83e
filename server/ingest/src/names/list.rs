//! Lists of names in one text.

use domain::{Name, name::is_organisation, name::is_suffix, text::one_line};

use super::{
    drafts::of_plain_names,
    other_words::{is_et_al, is_grade, names_somebody},
    parentheses::without_parentheses,
};

/// Maximum characters of a mark or an affiliation in brackets.
const MOST_MARK: usize = 80;
/// Maximum bytes of the part of a name before an "and" in it. Longer texts are not the name of one organisation.
const MOST_BEFORE_AND: usize = 200;

/// The names in a list: "A. One, B. Two (Somewhere, Else) and C. Three". Parentheses contain affiliations and are left out,
/// except the members of a collaboration and the collaboration of a person.
///
/// The forms are those of arXiv (<https://info.arxiv.org/help/prep.html#author>) and of BibTeX. Names are separated by
/// commas and "and", or by semicolons. With semicolons, a name may begin with the family name. A colon separates a
/// collaboration from its members. A suffix belongs to the name before it, and "et al." is not a name.
pub fn split_names(joined: &str) -> Vec<Name> {
    let (flat, collaborations) = without_parentheses(&one_line(&tex::plain(&without_marks(joined))));
    let mut names = names_of_flat(&flat);
    for collaboration in collaborations {
        if !names.iter().any(|name| name.as_str() == collaboration) {
            names.push(Name::new(collaboration));
        }
    }
    names
}

/// The names in a list without parentheses.
fn names_of_flat(flat: &str) -> Vec<Name> {
    let flat = flat
        .replace(['、', '，'], ",")
        .replace('；', ";")
        .replace(" & ", " and ")
        .replace(" with an appendix by ", ", ");
    if flat.contains(';') {
        return of_plain_names(flat.split(';'));
    }
    let flat = flat.replace(':', ",");
    let by_and: Vec<&str> = flat.split(" and ").collect();
    if are_family_first(&by_and) {
        return of_plain_names(by_and);
    }
    let parts: Vec<&str> = flat.split(',').flat_map(split_at_and).map(str::trim).collect();
    // A society is an author only where it does not follow a grade: "Ada Lovelace, Fellow, IEEE".
    let has_grades = parts.iter().any(|part| is_grade(part));
    let is_society = |part: &str| matches!(part, "IEEE" | "ACM" | "SIAM");
    of_plain_names(parts.into_iter().filter(|part| !(has_grades && is_society(part))))
}

/// The text without the marks that refer to affiliations: `$^{1,2}$`, `^{*}`, `\\inst{1}`, `[2,3]`.
fn without_marks(text: &str) -> String {
    const OPENINGS: [(&str, char); 6] = [
        ("$^", '$'),
        ("^{", '}'),
        ("\\inst{", '}'),
        ("\\textsuperscript{", '}'),
        ("\\thanks{", '}'),
        ("[", ']'),
    ];
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['$', '^', '\\', '[']) {
        kept.push_str(&rest[..at]);
        let here = &rest[at..];
        let mark = OPENINGS.iter().find_map(|(opening, closing)| {
            let inside = here.strip_prefix(opening)?;
            // Marks are short, so a sign without its partner costs little.
            let (end, _) = inside
                .char_indices()
                .take(MOST_MARK)
                .find(|(_, c)| c == closing)?;
            Some(&inside[end + closing.len_utf8()..])
        });
        rest = mark.unwrap_or_else(|| {
            let sign = here.chars().next().map_or(0, char::len_utf8);
            kept.push_str(&here[..sign]);
            &here[sign..]
        });
    }
    kept.push_str(rest);
    kept
}

/// The names between the words "and". The name of an organisation may contain this word: "Rock and Roll Team".
fn split_at_and(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, word) in text.match_indices(" and ") {
        let (left, right) = (text[start..at].trim(), &text[at + word.len()..]);
        let right = right.split(" and ").next().unwrap_or(right).trim();
        let is_one_word = |name: &str| !name.contains(' ');
        // Without the bound, a text that stays one name is read again at every "and".
        let is_inside = left.len() <= MOST_BEFORE_AND
            && (is_organisation(left) && is_one_word(right) && !is_organisation(right)
                || is_one_word(left) && !is_organisation(left) && is_organisation(right));
        if !is_inside {
            names.push(left);
            start = at + word.len();
        }
    }
    names.push(&text[start..]);
    names
}

/// Whether each part is one name that begins with the family name: `Lovelace, Ada`.
fn are_family_first(parts: &[&str]) -> bool {
    parts.iter().all(|part| {
        is_family_first(part, parts.len())
            && part
                .split(',')
                .next()
                .is_some_and(|family| is_one_word(family.trim()))
    })
}

/// Whether a text is one name that begins with the family name, which may have several words: `García Márquez, Gabriel`.
pub(crate) fn is_one_name(text: &str) -> bool {
    is_family_first(text, 1)
}

/// Whether a text is the name of a person, family name first, in a list of this many people.
fn is_family_first(text: &str, people: usize) -> bool {
    text.split_once(',').is_some_and(|(family, given)| {
        names_somebody(family)
            // Names in these scripts have no given names to turn round.
            && !text.chars().any(is_east_asian)
            && !is_organisation(family.trim())
            && are_given_names(given.trim(), people)
    })
}

/// One word, possibly after lower-case particles. Two words are a whole name, so the comma separates two people.
fn is_one_word(family: &str) -> bool {
    family
        .split_whitespace()
        .rev()
        .skip(1)
        .all(|word| word.starts_with(char::is_lowercase))
}

/// Whether a text is given names, in a list of this many people. A list of one is a name only if it cannot be two people.
fn are_given_names(text: &str, people: usize) -> bool {
    let (given, suffix) = text.split_once(',').unwrap_or((text, ""));
    let is_initial = |word: &str| word.trim_end_matches('.').chars().count() == 1;
    let is_short = !given.contains(' ') || given.split(' ').all(is_initial);
    names_somebody(given)
        && (suffix.is_empty() || is_suffix(given.trim()) || is_suffix(suffix.trim()))
        && !(suffix.is_empty() && is_suffix(given))
        && !is_et_al(given)
        && !is_organisation(given)
        && (is_short || people > 1)
}

/// Whether a letter belongs to Chinese, Japanese or Korean.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(joined: &str) -> Vec<String> {
        split_names(joined).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_are_split_and_affiliations_are_left_out() {
        for (joined, names) in [
            (
                "C. Bal\\'azs, E. L. Berger (Argonne, IL) and C.-P. Yuan",
                &["C. Balázs", "E. L. Berger", "C.-P. Yuan"][..],
            ),
            ("A. One, B. Two, and C. Three", &["A. One", "B. Two", "C. Three"]),
            ("A. One & B. Two", &["A. One", "B. Two"]),
            (
                "Ada Lovelace and Emmy Noether and Grace Hopper",
                &["Ada Lovelace", "Emmy Noether", "Grace Hopper"],
            ),
            ("Lovelace, Ada", &["Ada Lovelace"]),
            (
                "Lovelace, Ada and Noether, Emmy",
                &["Ada Lovelace", "Emmy Noether"],
            ),
            ("Lovelace, Ada; Noether, Emmy", &["Ada Lovelace", "Emmy Noether"]),
            ("A. One (X (Y), Z), B. Two", &["A. One", "B. Two"]),
            (
                "Alexander Andrews, Andy Sand",
                &["Alexander Andrews", "Andy Sand"],
            ),
            ("", &[]),
            (" , and ", &[]),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn an_open_parenthesis_ends_at_the_next_comma() {
        for (joined, names) in [
            (
                "A. One (Inst. X, B. Two and C. Three",
                &["A. One", "B. Two", "C. Three"][..],
            ),
            ("A. One) and B. Two", &["A. One", "B. Two"]),
            (
                "A. One (X), B. Two (Y, C. Three",
                &["A. One", "B. Two", "C. Three"],
            ),
            ("A. One (X", &["A. One"]),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn a_suffix_belongs_to_its_name_and_et_al_is_not_a_name() {
        for (joined, names) in [
            (
                "John Von Neumann, Fred Bloggs, Jr, et al",
                &["John Von Neumann", "Fred Bloggs Jr"][..],
            ),
            (
                "Hal Roe, III and Ada Lovelace et al.",
                &["Hal Roe III", "Ada Lovelace"],
            ),
            ("Jr-Shin Li, et. al.", &["Jr-Shin Li"]),
            ("A. One, B. Two and others", &["A. One", "B. Two"]),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn a_colon_separates_a_collaboration_from_its_members() {
        for (joined, names) in [
            (
                "BELLE Collaboration: A. Person, N. Other",
                &["BELLE Collaboration", "A. Person", "N. Other"][..],
            ),
            ("The ATLAS Collaboration", &["The ATLAS Collaboration"]),
            (
                "A. One, for the ALICE Collaboration",
                &["A. One", "ALICE Collaboration"],
            ),
            (
                "A. One (for the H1 collaboration)",
                &["A. One", "H1 collaboration"],
            ),
            (
                "STAR Collaboration: B. Two et al.",
                &["STAR Collaboration", "B. Two"],
            ),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn members_in_parentheses_follow_their_collaboration() {
        for (joined, names) in [
            (
                "ATLAS Collaboration (G. Aad, B. Abbott)",
                &["ATLAS Collaboration", "G. Aad", "B. Abbott"][..],
            ),
            (
                "ATLAS Collaboration (G. Aad et al.)",
                &["ATLAS Collaboration", "G. Aad"],
            ),
            (
                "The BigCode Consortium (Ada Lovelace, Emmy Noether and Grace Hopper), A. One",
                &[
                    "The BigCode Consortium",
                    "Ada Lovelace",
                    "Emmy Noether",
                    "Grace Hopper",
                    "A. One",
                ],
            ),
            (
                "ATLAS Collaboration (G. Aad, B. Abbott",
                &["ATLAS Collaboration", "G. Aad", "B. Abbott"],
            ),
            (
                "ATLAS Collaboration (G. Aad; B. Abbott); C. Three",
                &["ATLAS Collaboration", "G. Aad", "B. Abbott", "C. Three"],
            ),
            ("ATLAS Collaboration (CERN, Geneva)", &["ATLAS Collaboration"]),
            (
                "ATLAS Collaboration (University of X, Y. Institute)",
                &["ATLAS Collaboration"],
            ),
            (
                "SNO Collaboration (Los Alamos, New Mexico)",
                &["SNO Collaboration"],
            ),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn a_collaboration_follows_the_people_who_write_for_it() {
        for (joined, names) in [
            (
                "G. Aad et al. (ATLAS Collaboration)",
                &["G. Aad", "ATLAS Collaboration"][..],
            ),
            (
                "A. One (CERN, for the ALICE Collaboration), B. Two (the ALICE Collaboration)",
                &["A. One", "B. Two", "ALICE Collaboration"],
            ),
            (
                "Lovelace, Ada and Noether, Emmy (on behalf of the X Consortium)",
                &["Ada Lovelace", "Emmy Noether", "X Consortium"],
            ),
            (
                "A. One on behalf of the STAR Collaboration",
                &["A. One", "STAR Collaboration"],
            ),
            (
                "A. One, on behalf of the STAR Collaboration",
                &["A. One", "STAR Collaboration"],
            ),
            (
                "A. One for ALICE Collaboration",
                &["A. One", "ALICE Collaboration"],
            ),
            (
                "A. One (representing the Gemini Team)",
                &["A. One", "Gemini Team"],
            ),
            ("A. One (INRIA Project-Team Foo)", &["A. One"]),
            ("A. One (for the collaboration)", &["A. One"]),
            ("Gemini Team, Google, A. One", &["Gemini Team, Google", "A. One"]),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn grades_of_membership_are_no_authors() {
        for (joined, names) in [
            (
                "Qi Wang, Senior Member, IEEE, Qian Du, Fellow, IEEE, and Hao Su*",
                &["Qi Wang", "Qian Du", "Hao Su"][..],
            ),
            ("Ada One, Member, IEEE", &["Ada One"]),
            ("Ada One†, Emmy Two‡", &["Ada One", "Emmy Two"]),
            ("Ada One, Student Member, ACM, Bo Li", &["Ada One", "Bo Li"]),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn marks_of_affiliations_and_degrees_are_left_out() {
        for (joined, names) in [
            ("Ada One$^{1,2}$, Emmy Two$^*$", &["Ada One", "Emmy Two"][..]),
            ("Ada One^{2,3}, Emmy Two\\inst{1}", &["Ada One", "Emmy Two"]),
            (
                "Ada One\\textsuperscript{2,3}, Emmy Two\\textsuperscript{1}",
                &["Ada One", "Emmy Two"],
            ),
            (
                "Ada One [2,3], Jane Roe [MIT], John Doe [Stanford, USA]",
                &["Ada One", "Jane Roe", "John Doe"],
            ),
            (
                "Wei Wang 0001, Ada Lovelace 0000-0002-1825-0097",
                &["Wei Wang", "Ada Lovelace"],
            ),
            ("Davy Jones, Ph.D., Jane Doe, MD", &["Davy Jones", "Jane Doe"]),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn names_in_chinese_and_korean_are_separated() {
        for (joined, names) in [
            ("王伟, 李娜", &["王伟", "李娜"][..]),
            ("王伟、李娜", &["王伟", "李娜"]),
            ("张三，李四，王五", &["张三", "李四", "王五"]),
            ("김철수, 이영희", &["김철수", "이영희"]),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn semicolons_do_not_hide_a_colon() {
        assert_eq!(
            printed("Working Group on X: A. One; B. Two"),
            ["Working Group on X", "A. One", "B. Two"]
        );
        assert_eq!(
            printed("A. One for the ABC Collaboration"),
            ["A. One", "ABC Collaboration"]
        );
    }

    #[test]
    fn an_organisation_keeps_its_and() {
        for (joined, names) in [
            (
                "Institute for Science and Technology",
                &["Institute for Science and Technology"][..],
            ),
            ("Rock and Roll Team", &["Rock and Roll Team"]),
            ("A. One and Gemini Team", &["A. One", "Gemini Team"]),
            ("Gemini Team and A. One", &["Gemini Team", "A. One"]),
            ("OpenAI and DeepMind", &["OpenAI", "DeepMind"]),
        ] {
            assert_eq!(printed(joined), names, "{joined}");
        }
    }

    #[test]
    fn a_long_list_that_stays_one_name_is_read_in_linear_time() {
        assert!(!split_names(&format!("Team{}", " and a".repeat(300_000))).is_empty());
    }

    #[test]
    fn a_long_list_of_open_parentheses_is_read_in_linear_time() {
        assert_eq!(split_names(&"(,".repeat(1_000_000)).len(), 0);
    }
}
