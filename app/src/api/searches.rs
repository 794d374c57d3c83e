//! Saved searches.

use leptos::server;

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::context::{ForReader, request_context};

/// Saves a search for the current reader, or renames a saved one. Creates the reader if they are new.
#[server(prefix = "/fn", endpoint = "save_search")]
pub async fn save_search(
    /// The address or the query of the listing.
    #[server(default)]
    view: String,
    /// The reader's name for it; empty for none.
    #[server(default)]
    name: String,
) -> Result<(), AppError> {
    let context = request_context()?;
    let view: domain::ListingQuery =
        domain::ListingQuery::parse(&view).map_err(|error| AppError::Invalid(error.to_string()))?;
    let reader = context.reader_or_new().await?;
    let name = domain::listing_query::search_name(&name);
    let saved = context
        .store
        .save_search(reader, &view, name.as_deref(), context.now())
        .await
        .for_reader()?;
    if !saved {
        return Err(AppError::Invalid(format!(
            "You have reached the limit of {} saved searches. Remove one first.",
            store::MAX_SAVED_SEARCHES
        )));
    }
    Ok(())
}

/// Removes a saved search. Idempotent.
#[server(prefix = "/fn", endpoint = "remove_search")]
pub async fn remove_search(
    /// The row id of the search.
    view: i64,
) -> Result<(), AppError> {
    let context = request_context()?;
    if let Some(reader) = context.session.reader() {
        context.store.remove_search(reader, view).await.for_reader()?;
    }
    Ok(())
}
