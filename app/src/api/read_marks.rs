//! Read marks, and the states that a page from the browser's cache asks for.

use domain::PaperKey;
use leptos::server;
use serde::{Deserialize, Serialize};

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{
    api::form::{Back, FormRules},
    context::{ForReader, request_context},
};

/// The form of [`mark_read`] returns to the card. Each mark makes the reader's cookie last longer.
#[cfg(feature = "ssr")]
pub(super) const FORM: FormRules = FormRules {
    back: Back::Card,
    renews_cookie: true,
    ..FormRules::simple("/fn/mark_read")
};

/// What the current reader has done with a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderState {
    /// The key of the paper.
    pub paper: PaperKey,
    /// Bookmarked.
    pub bookmarked: bool,
    /// Marked as read.
    pub read: bool,
}

/// Marks papers as read or unread for the current reader, creating the reader if they are new.
/// Idempotent.
#[server(prefix = "/fn", endpoint = "mark_read")]
pub async fn mark_read(
    /// The key of a paper.
    #[server(default)]
    paper: String,
    /// Keys of papers, with spaces between.
    #[server(default)]
    papers: String,
    /// Whether the papers are read from now on.
    read: bool,
) -> Result<(), AppError> {
    let context = request_context()?;
    let papers = parse_keys(&format!("{paper} {papers}"))?;
    if papers.is_empty() {
        return Err(AppError::Invalid(
            "No paper was named, so nothing was marked.".to_owned(),
        ));
    }
    // Marking as unread must not create a reader.
    if !read && context.session.reader().is_none() {
        return Ok(());
    }
    let reader = context.reader_or_new().await?;
    context
        .store
        .set_read(reader, &papers, read, context.now())
        .await
        .for_reader()
}

/// The states of the named papers that the current reader has bookmarked or read. Changes nothing; it is a POST because
/// the keys of a long list do not fit into an address.
#[server(prefix = "/fn", endpoint = "reader_states")]
pub async fn reader_states(
    /// Keys of papers, with spaces between.
    #[server(default)]
    papers: String,
) -> Result<Vec<ReaderState>, AppError> {
    let context = request_context()?;
    let Some(reader) = context.session.reader() else {
        return Ok(Vec::new());
    };
    let found = context
        .store
        .reader_states(reader, &parse_keys(&papers)?)
        .await
        .for_reader()?;
    Ok(found
        .into_iter()
        .map(|found| ReaderState {
            paper: found.key,
            bookmarked: found.bookmarked,
            read: found.read,
        })
        .collect())
}

#[cfg(feature = "ssr")]
fn parse_keys(text: &str) -> Result<Vec<PaperKey>, AppError> {
    text.split_whitespace()
        .map(|key| {
            key.parse().map_err(|_| {
                AppError::Invalid(format!(
                    "“{}” is not a valid paper id. Nothing was changed.",
                    key.chars().take(40).collect::<String>()
                ))
            })
        })
        .collect()
}
