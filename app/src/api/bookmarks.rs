//! Bookmarks.

use domain::PaperKey;
use leptos::server;

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{
    api::form::{Back, FormRules},
    context::{ForReader, request_context},
};

/// Its form returns to the card. Each bookmark makes the reader's cookie last longer.
#[cfg(feature = "ssr")]
pub(super) const FORM: FormRules = FormRules {
    back: Back::CardOrUndo,
    renews_cookie: true,
    ..FormRules::simple("/fn/bookmark")
};

/// Adds or removes a bookmark for the current reader, creating the reader on their first bookmark. Idempotent.
#[server(prefix = "/fn", endpoint = "bookmark")]
pub async fn set_bookmark(
    /// The key of the paper.
    paper: PaperKey,
    /// Whether the paper is bookmarked from now on.
    bookmarked: bool,
) -> Result<(), AppError> {
    let context = request_context()?;
    // Checked first, because an unknown paper must not create a reader.
    if context.store.paper_id(&paper).await.for_reader()?.is_none() {
        return Err(AppError::NotFound);
    }
    // Removing a bookmark must not create a reader.
    if !bookmarked && context.session.reader().is_none() {
        return Ok(());
    }
    let reader = context.reader_or_new().await?;
    context
        .store
        .set_bookmark(reader, &paper, bookmarked, context.now())
        .await
        .for_reader()?;
    Ok(())
}
