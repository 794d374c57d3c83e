//! Rows of arXiv's metadata snapshot.

use domain::{
    Category, Paper,
    paper::{Published, Source, is_web_url},
};
use jiff::fmt::rfc2822;
use serde_json::Value;

use super::fields::{Object, identifier, text};
use crate::names::{display_name, split_names};

/// Reads one row.
pub(super) fn read(object: &Object) -> Result<Paper, String> {
    let (id, version_of_id) = identifier(object)?;
    let versions = match object.get("versions") {
        Some(Value::Array(versions)) => versions.as_slice(),
        _ => &[],
    };
    let created = |version: &Value| {
        let text = version.get("created")?.as_str()?;
        rfc2822::parse(text)
            .ok()
            .map(|zoned| Published::At(zoned.timestamp()))
    };
    let categories: Vec<Category> = match object.get("categories") {
        // Some dumps contain a list instead of one string.
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .flat_map(str::split_whitespace)
            .filter_map(|name| name.parse().ok())
            .collect(),
        _ => text(object, "categories")
            .unwrap_or_default()
            .split(' ')
            .filter_map(|name| name.parse().ok())
            .collect(),
    };
    let primary = text(object, "primary_category")
        .and_then(|name| name.parse().ok())
        .or_else(|| categories.first().cloned());
    Ok(Paper {
        source: Source::Arxiv,
        published: text(object, "published")
            .and_then(|text| text.parse().ok())
            .or_else(|| versions.first().and_then(created))
            .or_else(|| Published::of_arxiv_id(&id)),
        arxiv_id: Some(id),
        version: version_of_id.or_else(|| u32::try_from(versions.len()).ok().filter(|count| *count > 0)),
        title: text(object, "title").unwrap_or_default(),
        abstract_text: text(object, "abstract").unwrap_or_default(),
        authors: authors(object),
        updated: text(object, "update_date").and_then(|text| text.parse().ok()),
        primary_category: primary,
        categories,
        comments: text(object, "comments"),
        doi: text(object, "doi"),
        journal_ref: text(object, "journal-ref").or_else(|| text(object, "journal_ref")),
        license: text(object, "license").filter(|url| is_web_url(url)),
        ..Paper::default()
    })
}

/// The authors: the parsed list if there is one, else one string of names.
fn authors(object: &Object) -> Vec<String> {
    if let Some(Value::Array(parsed)) = object.get("authors_parsed") {
        // [last, first, suffix, affiliation…]
        let name = |parts: &Value| {
            let part = |index: usize| parts.get(index).and_then(Value::as_str).unwrap_or_default();
            display_name(&[part(1), part(0), part(2)].join(" "))
        };
        return parsed.iter().map(name).filter(|name| !name.is_empty()).collect();
    }
    match object.get("authors") {
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .map(display_name)
            .filter(|name| !name.is_empty())
            .collect(),
        _ => text(object, "authors")
            .map(|joined| split_names(&joined))
            .unwrap_or_default(),
    }
}
