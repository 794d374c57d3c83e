//! `/date/…`, `/week/…`, `/month/…`

use app::context::ForReader;
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
};
use domain::Edition;

use super::{listing::listing_page, neighbours::neighbours};
use crate::{
    http::web::{
        page_error::{PageError, PageResult},
        query::QueryPairs,
        responses::redirect,
        segment::Segment,
        visitor::Visitor,
    },
    state::AppState,
};

/// `GET /date/2026-11-24`, `/week/2026-W48`, `/month/2026-11`
pub async fn page(
    State(state): State<AppState>,
    visitor: Visitor,
    Segment(name): Segment,
    query: QueryPairs,
    request: Parts,
) -> PageResult {
    let edition = edition_at(&name, request.uri.path()).ok_or_else(PageError::not_found)?;
    let nav = neighbours(&state, edition).await?;
    let last = state
        .store
        .last_announced_before(edition.end())
        .await
        .for_reader()?;
    if last.is_some_and(|last| last >= edition.start()) {
        return listing_page(&state, &visitor, &request, query.listing(), Some(nav)).await;
    }
    // An edition without papers redirects to the last one before it that has some, or else to the first one after it.
    let other = nav.previous.or(nav.next).ok_or_else(PageError::not_found)?;
    Ok(redirect(StatusCode::FOUND, &other.path()))
}

/// The edition of this name, if the path is one of its kind: a day only below `/date/`, and so on.
fn edition_at(name: &str, path: &str) -> Option<Edition> {
    let edition = name.parse().ok()?;
    let folder = match edition {
        Edition::Day(_) => "/date/",
        Edition::Week(_) => "/week/",
        Edition::Month(_) => "/month/",
    };
    path.starts_with(folder).then_some(edition)
}
