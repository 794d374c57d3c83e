//! Keeping papers.

use domain::PaperKey;
use leptos::server;

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{
    api::form::{Back, FormRules},
    context::{ForReader, visit},
};

/// Its form returns to the card. Each bookmark makes the reader's cookie last longer.
#[cfg(feature = "ssr")]
pub(super) const FORM: FormRules = FormRules {
    back: Back::CardOrUndo,
    renews_cookie: true,
    ..FormRules::simple("/fn/bookmark")
};

/// Keeps a paper for the asking reader (made at their first bookmark), or takes it back. Twice is the same as once.
#[server(prefix = "/fn", endpoint = "bookmark")]
pub async fn set_bookmark(paper: PaperKey, bookmarked: bool) -> Result<(), AppError> {
    let visit = visit()?;
    // Before a reader is made for it: a wrong name must leave nothing behind.
    if visit.store.paper_id(&paper).await.for_reader()?.is_none() {
        return Err(AppError::NotFound);
    }
    // Who has kept nothing has nothing to take back; no reader is made for that.
    if !bookmarked && visit.session.reader().is_none() {
        return Ok(());
    }
    let reader = visit.reader_or_new().await?;
    visit
        .store
        .set_bookmark(reader, &paper, bookmarked, visit.now())
        .await
        .for_reader()?;
    Ok(())
}
