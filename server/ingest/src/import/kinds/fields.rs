//! The fields of a JSON record.

use domain::{ArxivId, text::one_line};
use serde_json::{Map, Value};

pub(super) type Object = Map<String, Value>;

/// The arXiv identifier of a record, and its version if it has one.
pub(super) fn identifier(object: &Object) -> Result<(ArxivId, Option<u32>), String> {
    let id = match object.get("id") {
        Some(Value::String(id)) => id.clone(),
        // The number 2510.0123 may stand for 2510.01230, because numbers lose their last zeros.
        Some(Value::Number(number)) => {
            return Err(format!(
                "the identifier {number} is a number; it must be a string"
            ));
        }
        _ => return Err("no arXiv identifier (`id`)".to_owned()),
    };
    ArxivId::parse_versioned(&id).map_err(|error| error.to_string())
}

/// A string on one line; `None` if it is missing, empty or not a string.
pub(super) fn text(object: &Object, name: &str) -> Option<String> {
    let text = one_line(object.get(name)?.as_str()?);
    (!text.is_empty()).then_some(text)
}

/// A number; `None` if it is missing, negative or not a whole number.
pub(super) fn count(object: &Object, name: &str) -> Option<u32> {
    object
        .get(name)?
        .as_u64()
        .and_then(|count| u32::try_from(count).ok())
}
