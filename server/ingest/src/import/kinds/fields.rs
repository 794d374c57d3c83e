//! The fields of a JSON record.

use domain::{ArxivId, paper::Published, text::one_line};
use serde_json::{Map, Value};

use super::moments::Moments;

pub(super) type Object = Map<String, Value>;

/// The fields that may hold the identifier, in the order in which they are tried. Semantic Scholar
/// writes its own identifier to `paperId`; arxiv.py writes a URL to `entry_id`.
const IDENTIFIERS: [&str; 12] = [
    "id",
    // The first column of a table that begins with a byte order mark.
    "\u{feff}id",
    "arxiv_id",
    "arxivId",
    "paper_id",
    "paperId",
    "entry_id",
    "eprint",
    "arxiv",
    "url",
    "pdf_url",
    "doi",
];

/// What pandas and spreadsheets write for missing text.
pub(super) const MISSING: [&str; 6] = ["nan", "NaN", "None", "null", "NULL", "N/A"];

/// The arXiv identifier of a record, and its version if it has one.
pub(super) fn identifier(object: &Object, moments: Moments) -> Result<(ArxivId, Option<u32>), String> {
    let fields = IDENTIFIERS.iter().filter_map(|name| object.get(*name));
    let of_semantic_scholar = object.get("externalIds").and_then(|ids| ids.get("ArXiv"));
    let mut refused = None;
    for field in fields.chain(of_semantic_scholar) {
        let reason = match field {
            Value::String(text) => match ArxivId::from_record(text) {
                Ok((id, version)) => return begun(id, moments).map(|id| (id, version)),
                Err(error) => error.to_string(),
            },
            // The number 2510.0123 may have been 2510.01230, because numbers lose trailing zeros.
            Value::Number(number) => format!("the identifier {number} is a number; it must be a string"),
            _ => continue,
        };
        // The error is about the first field, which most likely holds the identifier.
        refused.get_or_insert(reason);
    }
    Err(refused.unwrap_or_else(|| "no arXiv identifier (`id`)".to_owned()))
}

/// Refuses an identifier from a month that has not begun, because arXiv has not assigned it yet.
fn begun(id: ArxivId, moments: Moments) -> Result<ArxivId, String> {
    match Published::of_arxiv_id(&id) {
        Some(month) if !moments.believe(&month) => Err(format!(
            "the identifier {id} is from {}, which has not begun",
            month.label()
        )),
        _ => Ok(id),
    }
}

/// A string on one line; `None` if it is missing, empty or not a string.
pub(super) fn text(object: &Object, name: &str) -> Option<String> {
    let text = one_line(object.get(name)?.as_str()?);
    (!text.is_empty()).then_some(text)
}

/// The text of the first of these fields that has one other than `nan` or `None`.
pub(super) fn note(object: &Object, names: &[&str]) -> Option<String> {
    names
        .iter()
        .filter_map(|name| text(object, name))
        .find(|text| !MISSING.contains(&text.as_str()))
}

/// A count: a number such as `12` or `12.0`, or text such as `"1,234"`. `None` if it is missing, negative, not whole
/// or larger than 4,294,967,295.
pub(super) fn count(object: &Object, name: &str) -> Option<u32> {
    let number = match object.get(name)? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => number(text.trim())?,
        _ => return None,
    };
    let is_count = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    is_count.then_some(number as u32)
}

/// A number, possibly with commas between groups of three digits.
fn number(text: &str) -> Option<f64> {
    let mut groups = text.split(',');
    let is_grouped = groups.next().is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3 && group.bytes().all(|digit| digit.is_ascii_digit()));
    if text.contains(',') && !is_grouped {
        return None;
    }
    text.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_are_read_in_every_format() {
        for (value, expected) in [
            (json!(12), Some(12)),
            (json!(12.0), Some(12)),
            (json!("12"), Some(12)),
            (json!("12.0"), Some(12)),
            (json!(" 12 "), Some(12)),
            (json!("1,234"), Some(1_234)),
            (json!("12,345,678"), Some(12_345_678)),
            (json!(1.2e3), Some(1_200)),
            (json!(-0.0), Some(0)),
            (json!(4_294_967_295_u32), Some(u32::MAX)),
            (json!(4_294_967_296_u64), None),
            (json!(u64::MAX), None),
            (json!(1e300), None),
            (json!(-3), None),
            (json!("-3"), None),
            (json!(1.5), None),
            (json!("1.5"), None),
            (json!("1,23"), None),
            (json!("1234,567"), None),
            (json!(",123"), None),
            (json!("1.2k"), None),
            (json!("NaN"), None),
            (json!("inf"), None),
            (json!("many"), None),
            (json!(""), None),
            (json!(true), None),
            (json!(null), None),
            (json!([12]), None),
        ] {
            let object = Object::from_iter([("upvotes".to_owned(), value.clone())]);
            assert_eq!(count(&object, "upvotes"), expected, "{value}");
        }
        assert_eq!(count(&Object::new(), "upvotes"), None);
    }
}
