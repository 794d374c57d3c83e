//! Keeping lists at hand.

use leptos::server;

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::context::{ForReader, visit};

/// Keeps a list for the asking reader (made if they are new), or renames it. `view` is its address or query.
#[server(prefix = "/fn", endpoint = "save_view")]
pub async fn save_search(
    #[server(default)] view: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let visit = visit()?;
    let view: domain::ListingQuery =
        domain::ListingQuery::parse(&view).map_err(|error| AppError::Invalid(error.to_string()))?;
    let reader = visit.reader_or_new().await?;
    let name = domain::listing_query::view_name(&name);
    let saved = visit
        .store
        .save_search(reader, &view, name.as_deref(), visit.now())
        .await
        .for_reader()?;
    if !saved {
        return Err(AppError::Invalid(format!(
            "You keep {} lists already; let go of one first.",
            store::MAX_SAVED_SEARCHES
        )));
    }
    Ok(())
}

/// Lets a kept list go. Twice is the same as once.
#[server(prefix = "/fn", endpoint = "drop_view")]
pub async fn remove_search(view: i64) -> Result<(), AppError> {
    let visit = visit()?;
    if let Some(reader) = visit.session.reader() {
        visit.store.remove_search(reader, view).await.for_reader()?;
    }
    Ok(())
}
