//! The authors of a record, in the many forms that exporters write.

use domain::{Name, text::one_line};
use serde_json::Value;

use super::fields::{MISSING, Object};
use crate::names::{RawName, clean_names, is_one_name, split_names};

/// The fields that hold authors. arXiv's parsed list comes first, because it is the most reliable.
const FIELDS: [&str; 4] = ["authors_parsed", "authors", "author", "creators"];
/// The fields of an author object that hold the full name.
const FULL_NAMES: [&str; 7] = [
    "name",
    "fullname",
    "full_name",
    "fullName",
    "display_name",
    "literal",
    "author",
];
const GIVEN_NAMES: [&str; 6] = [
    "given",
    "first",
    "first_name",
    "firstName",
    "givenName",
    "forenames",
];
const FAMILY_NAMES: [&str; 7] = [
    "family",
    "last",
    "last_name",
    "lastName",
    "familyName",
    "surname",
    "keyname",
];

/// The names in the paper's order; empty if there are none. Hidden authors are left out.
pub(super) fn authors(object: &Object) -> Vec<Name> {
    FIELDS
        .iter()
        .filter_map(|field| object.get(*field))
        .map(names)
        .find(|names| !names.is_empty())
        .unwrap_or_default()
}

fn names(value: &Value) -> Vec<Name> {
    match value {
        Value::String(joined) if MISSING.contains(&joined.trim()) => Vec::new(),
        Value::String(joined) => of_text(joined),
        Value::Array(authors) => match authors.as_slice() {
            // All names in one string, or one name with the family name first.
            [Value::String(joined)] if is_one_name(joined) => clean_names([RawName::Printed(joined)]),
            [Value::String(joined)] => of_text(joined),
            authors => clean_names(authors.iter().filter_map(raw_name)),
        },
        author => clean_names(raw_name(author)),
    }
}

/// The name of one author: a string, `[family, given, suffix]` as in arXiv's snapshot, or an object.
fn raw_name(author: &Value) -> Option<RawName<'_>> {
    match author {
        Value::String(name) => Some(RawName::Printed(name)),
        Value::Array(parts) => {
            let part = |index: usize| parts.get(index).and_then(Value::as_str).unwrap_or_default();
            Some(RawName::Fields {
                family: part(0),
                given: part(1),
                suffix: part(2),
            })
        }
        Value::Object(author) if author.get("hidden") == Some(&Value::Bool(true)) => None,
        Value::Object(author) => of_object(author).or_else(|| of_object(author.get("author")?.as_object()?)),
        _ => None,
    }
}

fn of_object(author: &Object) -> Option<RawName<'_>> {
    let field = |name: &str| author.get(name)?.as_str().filter(|text| !text.trim().is_empty());
    let first = |names: &[&str]| names.iter().find_map(|name| field(name));
    if let Some(name) = first(&FULL_NAMES) {
        return Some(RawName::Printed(name));
    }
    Some(RawName::Fields {
        family: first(&FAMILY_NAMES)?,
        given: first(&GIVEN_NAMES).unwrap_or_default(),
        suffix: field("suffix").unwrap_or_default(),
    })
}

/// The names in one text. Some texts are stringified lists.
fn of_text(joined: &str) -> Vec<Name> {
    match of_list(&one_line(joined)) {
        Some(names) => clean_names(names.iter().map(|name| RawName::Printed(name))),
        None => split_names(joined),
    }
}

/// The elements of a stringified list: `["A", "B"]` in JSON, `['A', "B"]` in Python. `None` for any other text.
fn of_list(text: &str) -> Option<Vec<String>> {
    let mut rest = text.strip_prefix('[')?.strip_suffix(']')?.trim();
    if let Ok(names) = serde_json::from_str::<Vec<String>>(text) {
        return Some(names);
    }
    let mut names = Vec::new();
    while let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let mut name = String::new();
        let mut chars = rest.char_indices().skip(1);
        let end = loop {
            match chars.next()? {
                (_, '\\') => name.push(chars.next()?.1),
                (at, c) if c == quote => break at + 1,
                (_, c) => name.push(c),
            }
        };
        names.push(name);
        rest = rest[end..].trim_start_matches([' ', ',']);
    }
    rest.is_empty().then_some(names)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(record: Value) -> Vec<String> {
        match record {
            Value::Object(object) => authors(&object).iter().map(ToString::to_string).collect(),
            other => panic!("{other} is not an object"),
        }
    }

    #[test]
    fn authors_are_read_in_every_form() {
        for authors in [
            json!(["Ada Lovelace", "Emmy Noether"]),
            json!([{"name": "Ada Lovelace"}, {"name": "Emmy Noether"}]),
            json!([{"name": "Ada Lovelace"}, {"name": "H", "hidden": true}, {"fullname": "Emmy  Noether"}]),
            json!([{"given": "Ada", "family": "Lovelace"}, {"first": "Emmy", "last": "Noether"}]),
            json!([{"author": "Ada Lovelace"}, {"author": {"display_name": "Emmy Noether"}}]),
            json!([["Lovelace", "Ada", ""], ["Noether", "Emmy", ""]]),
            json!(["Lovelace, Ada", "Noether, Emmy"]),
            json!("Ada Lovelace, Emmy Noether"),
            json!("Ada Lovelace and Emmy Noether"),
            json!("Lovelace, Ada and Noether, Emmy"),
            json!("Lovelace, Ada; Noether, Emmy"),
            json!("Ada Lovelace; Emmy Noether;"),
            json!(["Ada Lovelace, Emmy Noether"]),
            json!("['Ada Lovelace', 'Emmy Noether']"),
            json!(r#"["Ada Lovelace", "Emmy Noether"]"#),
            json!("Ada Lovelace (Somewhere, Else),\n  Emmy Noether"),
            json!(["Ada Lovelace", null, 3, "", "Emmy Noether"]),
        ] {
            assert_eq!(
                read(json!({"authors": authors})),
                ["Ada Lovelace", "Emmy Noether"],
                "{authors}"
            );
        }
    }

    #[test]
    fn names_with_commas_and_quotation_marks_stay_whole() {
        assert_eq!(
            read(json!({"authors": ["van der Berg, Jan", "Fred Bloggs, Jr"]})),
            ["Jan van der Berg", "Fred Bloggs Jr"]
        );
        for (alone, name) in [
            ("García Márquez, Gabriel", "Gabriel García Márquez"),
            ("Lovelace, A. K.", "A. K. Lovelace"),
            ("Gemini Team, Google", "Gemini Team, Google"),
        ] {
            assert_eq!(read(json!({"authors": [alone]})), [name]);
        }
        assert_eq!(
            read(json!({"authors": r#"["O'Neil, Ann", 'Bo']"#})),
            ["Ann O'Neil", "Bo"]
        );
        assert_eq!(read(json!({"authors": r"['Conan O\'Brien']"})), ["Conan O'Brien"]);
        assert_eq!(
            read(json!({"authors": "A. One, B. Two and C. Three, D. Four"})),
            ["A. One", "B. Two", "C. Three", "D. Four"]
        );
    }

    #[test]
    fn the_first_field_with_names_is_used() {
        let both = json!({"authors": "X", "authors_parsed": [["Lovelace", "Ada", "III"]]});
        assert_eq!(read(both), ["Ada Lovelace III"]);
        for parsed in [json!([]), json!(null), json!([["", "", ""], [":", "", ""]])] {
            assert_eq!(
                read(json!({"authors": "Ada Lovelace", "authors_parsed": parsed})),
                ["Ada Lovelace"],
                "{parsed}"
            );
        }
        for authors in [
            json!(null),
            json!("?"),
            json!(3),
            json!({}),
            json!([[], {}]),
            json!("["),
            json!("['a"),
            json!("[\\"),
        ] {
            let names = read(json!({"authors": authors}));
            assert!(names.len() <= 1, "{authors}: {names:?}");
        }
    }
}
