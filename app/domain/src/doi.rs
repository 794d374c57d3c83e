//! Digital object identifiers (<https://www.doi.org/doi-handbook/HTML/>).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::{escapes, pasted_text::ascii_width, text::is_invisible};

/// The characters to percent-encode in a URL path: all but RFC 3986's `pchar` and the slash. `%` is encoded too,
/// because the DOI is not percent-encoded yet.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The maximum number of DOIs read from one field.
const MOST_DOIS: usize = 50;
/// The longest word read as a DOI, in bytes. DOIs have no length limit; the longest in use have about 200 bytes.
const MOST_BYTES: usize = 1024;

/// The maximum number of digits in a registrant number.
const MOST_NUMBER_BYTES: usize = 32;

/// Prefixes allowed between a separator and the next DOI of a field.
const PREFIXES: [&str; 8] = [
    "https://",
    "http://",
    "www.",
    "dx.",
    "doi.org/",
    "doi:",
    "info:doi/",
    "urn:doi:",
];

const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>')];

/// The DOIs of a field, in order and without repeats. The field may hold several, separated by white space, commas or
/// semicolons. Each may be a URL or have a prefix such as `doi:`. Other text is ignored.
///
/// A DOI may itself contain parentheses, semicolons and `<…>`. A comma or semicolon ends it only before another DOI.
pub fn dois(field: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words(&plain(field)) {
        for part in parts(&word) {
            if let Some(doi) = doi_in(part)
                && found.len() < MOST_DOIS
                && !found.iter().any(|known| known.eq_ignore_ascii_case(&doi))
            {
                found.push(doi);
            }
        }
    }
    found
}

/// The URL of a DOI.
pub fn doi_url(doi: &str) -> String {
    format!("https://doi.org/{}", utf8_percent_encode(doi, PATH))
}

/// The field without invisible characters and escapes.
fn plain(field: &str) -> String {
    let text: String = field
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(ascii_width)
        .collect();
    // Some sources escape twice, as in `&amp;lt;`.
    escapes::resolve(&escapes::resolve(&text))
}

/// The words of a field. A DOI broken after a hyphen or a slash is joined again.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(last) if last.ends_with(['-', '/']) && !starts_doi(without_prefixes(word)) => {
                last.push_str(word)
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// The parts of a word that may each hold one DOI.
fn parts(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, c) in word.char_indices() {
        let end = at + c.len_utf8();
        let begins_another = match c {
            ',' | ';' | '|' => starts_doi(without_prefixes(&word[end..])),
            // No DOI contains another URL: either the next DOI follows without a separator, or a prefix is repeated.
            'h' | 'H' => at > start && has_prefix(&word[at..], "http://", "https://"),
            _ => false,
        };
        if begins_another {
            parts.push(&word[start..at]);
            start = if c.is_ascii_alphabetic() { at } else { end };
        }
    }
    parts.push(&word[start..]);
    parts
}

fn has_prefix(text: &str, one: &str, other: &str) -> bool {
    [one, other].iter().any(|prefix| without(text, prefix).is_some())
}

/// The text after this prefix. Letter case is ignored.
fn without<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The text after opening quotes, brackets and prefixes.
fn without_prefixes(text: &str) -> &str {
    let mut rest = text.trim_start_matches(['"', '\'', '[', '(', '{', '<']);
    while let Some(shorter) = PREFIXES.iter().find_map(|prefix| without(rest, prefix)) {
        rest = shorter;
    }
    rest
}

/// Whether a text begins like a DOI: `10.`, the registrant number, a slash and at least one more character.
fn starts_doi(text: &str) -> bool {
    suffix_at(text).is_some()
}

/// The index of the part after the slash.
fn suffix_at(text: &str) -> Option<usize> {
    let number = text.strip_prefix("10.")?;
    let digits = number
        .bytes()
        .take(MOST_NUMBER_BYTES + 1)
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    let after = &number[digits..];
    let slash = ["/", "%2f"]
        .into_iter()
        .find(|slash| without(after, slash).is_some())?;
    let at = "10.".len() + digits + slash.len();
    let is_number = number.starts_with(|c: char| c.is_ascii_digit()) && digits <= MOST_NUMBER_BYTES;
    (is_number && at < text.len()).then_some(at)
}

/// The DOI in a text that has no white space.
fn doi_in(text: &str) -> Option<String> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let start = text
        .match_indices("10.")
        .map(|(at, _)| at)
        .find(|at| may_precede(&text[..*at]) && starts_doi(&text[*at..]))?;
    let (before, mut doi) = text.split_at(start);
    if before.contains("://") || before.to_ascii_lowercase().contains("doi.org") {
        // Drop the query and the fragment of a URL.
        doi = doi.split(['?', '#']).next().unwrap_or(doi);
    }
    let decoded = percent_decode_str(doi)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(doi));
    let doi = without_trailing(&decoded);
    (starts_doi(doi) && !doi.chars().any(char::is_control)).then(|| doi.to_owned())
}

/// Whether a DOI may follow this text. After a digit or a letter, `10.` is part of something else.
fn may_precede(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || c == '.')
        || ["doi", "%2f"].iter().any(|end| {
            before
                .len()
                .checked_sub(end.len())
                .and_then(|at| before.get(at..))
                .is_some_and(|last| last.eq_ignore_ascii_case(end))
        })
}

/// A DOI without trailing punctuation, quotes and brackets. A bracket that the DOI itself opens is part of it.
fn without_trailing(text: &str) -> &str {
    let count = |c: char| text.matches(c).count();
    let mut unopened = BRACKETS.map(|(open, close)| count(close).saturating_sub(count(open)));
    let mut has_odd_quotes = !count('"').is_multiple_of(2);
    text.trim_end_matches(|last: char| {
        if let Some(kind) = BRACKETS.iter().position(|(_, close)| *close == last) {
            let is_extra = unopened[kind] > 0;
            unopened[kind] = unopened[kind].saturating_sub(1);
            return is_extra;
        }
        match last {
            '"' => std::mem::take(&mut has_odd_quotes),
            '(' | '[' | '{' | '<' | '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '”' | '»' | '。'
            | '、' | '\\' | '|' | '*' | '`' => true,
            _ => last.is_whitespace(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An old DOI from Wiley, based on a serial item and contribution identifier (ANSI/NISO Z39.56).
    const SICI: &str = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2";

    #[test]
    fn a_doi_is_a_link() {
        assert_eq!(
            doi_url("10.48550/arXiv.2510.01234"),
            "https://doi.org/10.48550/arXiv.2510.01234"
        );
        assert_eq!(doi_url("10.1/<a b>"), "https://doi.org/10.1/%3Ca%20b%3E");
    }

    #[test]
    fn every_spelling_of_a_doi_is_normalised() {
        for field in [
            "10.1103/PhysRevD.1.1",
            " 10.1103/PhysRevD.1.1, ",
            "10.1103/PhysRevD.1.1.",
            "doi:10.1103/PhysRevD.1.1",
            "DOI: 10.1103/PhysRevD.1.1",
            "doi10.1103/PhysRevD.1.1",
            "https://doi.org/10.1103/PhysRevD.1.1",
            "HTTP://DX.DOI.ORG/10.1103/PhysRevD.1.1",
            "dx.doi.org/10.1103/PhysRevD.1.1",
            "https://www.doi.org/10.1103/PhysRevD.1.1?utm_source=a#b",
            "https://doi.org/https://doi.org/10.1103/PhysRevD.1.1",
            "https://doi.org/doi:10.1103/PhysRevD.1.1",
            "https://doi.org/10.1103/https://doi.org/10.1103/PhysRevD.1.1",
            "https://doi.org/10.1103%2FPhysRevD.1.1",
            "https%3A%2F%2Fdoi.org%2F10.1103%2FPhysRevD.1.1",
            "info:doi/10.1103/PhysRevD.1.1",
            "urn:doi:10.1103/PhysRevD.1.1",
            "<https://doi.org/10.1103/PhysRevD.1.1>",
            "(doi:10.1103/PhysRevD.1.1)",
            "[10.1103/PhysRevD.1.1](https://doi.org/10.1103/PhysRevD.1.1)",
            "{10.1103/PhysRevD.1.1},",
            "\"10.1103/PhysRevD.1.1\"",
            "\u{feff}10.1103/Phys\u{200b}RevD.1.1\u{a0}",
            "１０．１１０３／PhysRevD.1.1",
            "https://journals.aps.org/prd/abstract/10.1103/PhysRevD.1.1",
            "10.1103/PhysRevD.1.1 10.1103/physrevd.1.1 https://doi.org/10.1103/PhysRevD.1.1",
            "10.1103/PhysRevD.1.1 (2009)",
            "10.1103/ PhysRevD.1.1",
        ] {
            assert_eq!(dois(field), ["10.1103/PhysRevD.1.1"], "{field}");
        }
    }

    #[test]
    fn a_field_may_hold_several_dois() {
        for field in [
            "10.1103/PhysRevD.1.1 10.1103/PhysRevD.2.2",
            "10.1103/PhysRevD.1.1, 10.1103/PhysRevD.2.2",
            "10.1103/PhysRevD.1.1,10.1103/PhysRevD.2.2",
            "10.1103/PhysRevD.1.1; 10.1103/PhysRevD.2.2",
            "10.1103/PhysRevD.1.1;doi:10.1103/PhysRevD.2.2",
            "10.1103/PhysRevD.1.1|https://dx.doi.org/10.1103/PhysRevD.2.2",
            "https://doi.org/10.1103/PhysRevD.1.1https://doi.org/10.1103/PhysRevD.2.2",
            "[\"10.1103/PhysRevD.1.1\",\"10.1103/PhysRevD.2.2\"]",
            "<10.1103/PhysRevD.1.1>;<10.1103/PhysRevD.2.2>",
            "10.1103/PhysRevD.1.1 & 10.1103/PhysRevD.2.2",
            "10.1103/PhysRevD.1.1 and 10.1103/PhysRevD.2.2 (erratum)",
            "10.1103/PhysRevD.1.1\n\tdoi: 10.1103/PhysRevD.2.2.",
        ] {
            assert_eq!(
                dois(field),
                ["10.1103/PhysRevD.1.1", "10.1103/PhysRevD.2.2"],
                "{field}"
            );
        }
    }

    #[test]
    fn brackets_and_semicolons_inside_a_doi_are_kept() {
        for field in [
            SICI.to_owned(),
            format!("({SICI})"),
            format!("<https://doi.org/{SICI}>"),
            doi_url(SICI),
            SICI.replace('<', "&lt;").replace('>', "&gt;"),
            SICI.replace('<', "&amp;lt;").replace('>', "&amp;gt;"),
            SICI.replace('<', "$<$").replace('>', "$>$"),
        ] {
            assert_eq!(dois(&field), [SICI], "{field}");
        }
        assert_eq!(dois(&format!("{SICI};10.1/b")), [SICI, "10.1/b"]);
        for doi in [
            "10.1016/S0370-2693(98)00123-4",
            "10.1016/0370-2693(98)",
            "10.1130/0091-7613(2000)28<1:a;b>2.0.CO;2",
            "10.1/<\"a\">",
            "10.1000.10/123,456;7",
            "10.1175/1520-0493(1996)124<1:a>2.0.CO;2-#",
        ] {
            assert_eq!(dois(doi), [doi], "{doi}");
            assert_eq!(dois(&doi_url(doi)), [doi], "{doi}");
        }
    }

    #[test]
    fn escapes_and_line_breaks_are_resolved() {
        assert_eq!(
            dois("10.1007/978-3-030-32254-0\\_26"),
            ["10.1007/978-3-030-32254-0_26"]
        );
        for field in [
            r"10.1007/978-3-030{\_}24",
            r"10.1007/978-3-030{_}24",
            r"10.1007/978-3-030$\_$24",
            r"10.1007/978-3-030$_$24",
            r"10.1007/978-3-030\textunderscore 24",
            r"10.1007/978-3-030\textunderscore24",
            r"10.1007/978-3-030\textunderscore{}24",
            r"10.1007/978-3-030{\textunderscore}24",
            r"10.1007/\allowbreak 978-3-030\allowbreak{}\_24",
            r"10.1007/\allowbreak978-3-030\_24",
            "10.1007/978-3-030&#95;24",
            "10.1007/978-3-030&#x5F;24",
            "10.1007/978-3-030&amp;#95;24",
            "10.1007/978-3-030&lowbar;24",
            "10.1007/978-3-030%5F24",
            r"10.1007/978{-}3$-$030\_24",
            r"10.1007\/978-3-030\_24",
            "https:&#47;&#47;doi.org&#47;10.1007&#47;978&#45;3-030_24",
        ] {
            assert_eq!(dois(field), ["10.1007/978-3-030_24"], "{field}");
        }
        assert_eq!(
            dois("10.1/a&#38;b; 10.1/&quot;c&quot;d"),
            ["10.1/a&b", "10.1/\"c\"d"]
        );
        assert_eq!(dois("10.1007/s00440- 010-0276-9"), ["10.1007/s00440-010-0276-9"]);
        assert_eq!(dois("10.1/a- 10.2/b"), ["10.1/a-", "10.2/b"]);
    }

    #[test]
    fn any_other_text_has_no_doi() {
        for field in [
            "",
            "none",
            "NaN",
            "10.1103",
            "10.1103/",
            "https://doi.org/",
            "110.1103/x",
            "2.10.1103/x",
            "10./x",
            "10.1/%00",
            "version 10.4 of 10/2",
        ] {
            assert!(dois(field).is_empty(), "{field}");
        }
        assert!(dois(&format!("10.1/{}", "a".repeat(MOST_BYTES))).is_empty());
        assert_eq!(
            dois(&(0..99).map(|n| format!("10.1/{n} ")).collect::<String>()).len(),
            MOST_DOIS
        );
    }

    proptest::proptest! {
        #[test]
        fn any_field_gives_bare_dois(field in "[10.%2f/,;:<>()\"' a&htps]{0,60}|\\PC{0,40}") {
            for doi in dois(&field) {
                proptest::prop_assert!(doi.starts_with("10.") && doi.contains('/'), "{doi}");
                proptest::prop_assert!(!doi.ends_with([',', '.', ' ']), "{doi}");
            }
        }
    }
}
