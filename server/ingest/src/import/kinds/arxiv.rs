//! Rows of arXiv's metadata snapshot, and the output of arXiv API clients.

use domain::{
    Paper,
    paper::{Published, Source, is_web_url},
};
use serde_json::Value;

use super::{
    authors::authors,
    categories::{categories, primary},
    dates::{date, first_date},
    fields::{Object, identifier, note, text},
    moments::Moments,
};

/// Reads one row.
pub(super) fn read(object: &Object, moments: Moments) -> Result<Paper, String> {
    let (id, version_of_id) = identifier(object, moments)?;
    let versions = match object.get("versions") {
        Some(Value::Array(versions)) => versions.as_slice(),
        _ => &[],
    };
    let believe = |date: &Published| moments.believe(date);
    let categories = categories(object);
    Ok(Paper {
        source: Source::Arxiv,
        published: first_date(
            object,
            &["published", "published_date", "publishedAt", "submitted"],
        )
        .filter(believe)
        .or_else(|| date(versions.first()?.get("created")?).filter(believe))
        .or_else(|| Published::of_arxiv_id(&id)),
        arxiv_id: Some(id),
        version: version_of_id.or_else(|| u32::try_from(versions.len()).ok().filter(|count| *count > 0)),
        title: text(object, "title").unwrap_or_default(),
        abstract_text: text(object, "abstract")
            .or_else(|| text(object, "summary"))
            .unwrap_or_default(),
        authors: authors(object),
        updated: first_date(object, &["update_date", "updated", "updated_date"]).filter(believe),
        primary_category: primary(object, &categories),
        categories,
        comments: note(object, &["comments", "comment"]),
        doi: note(object, &["doi"]),
        journal_ref: note(object, &["journal-ref", "journal_ref"]),
        license: text(object, "license").filter(|url| is_web_url(url)),
        ..Paper::default()
    })
}
