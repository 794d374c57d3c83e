//! The categories of a record.

use domain::Category;
use serde_json::Value;

use super::fields::{Object, text};

/// The categories, in order: a string separated by spaces or commas, or a list.
pub(super) fn categories(object: &Object) -> Vec<Category> {
    // Python writes a stringified list as "['cs.LG', 'stat.ML']".
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']' | '\'' | '"');
    let texts: Vec<&str> = match object.get("categories") {
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(names)) => vec![names],
        _ => Vec::new(),
    };
    texts
        .into_iter()
        .flat_map(|text| text.split(is_between))
        .filter_map(|name| name.parse().ok())
        .collect()
}

/// The primary category: the field of that name, otherwise the first category.
pub(super) fn primary(object: &Object, categories: &[Category]) -> Option<Category> {
    text(object, "primary_category")
        .and_then(|name| name.parse().ok())
        .or_else(|| categories.first().cloned())
}
