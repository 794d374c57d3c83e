//! `/date/…`, `/week/…`, `/month/…`

use app::context::ForReader;
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use domain::Edition;

use super::{
    listing::{listing_page, neighbours, read},
    pages::{failed, not_found, redirect},
    segment::Segment,
    visitor::Visitor,
};
use crate::state::AppState;

/// `/date/2026-11-24`
pub async fn day(state: State<AppState>, Segment(name): Segment, request: Parts) -> Response {
    edition(
        state,
        name.parse()
            .ok()
            .filter(|edition| matches!(edition, Edition::Day(_))),
        request,
    )
    .await
}

/// `/week/2026-W48`
pub async fn week(state: State<AppState>, Segment(name): Segment, request: Parts) -> Response {
    edition(
        state,
        name.parse()
            .ok()
            .filter(|edition| matches!(edition, Edition::Week(_))),
        request,
    )
    .await
}

/// `/month/2026-11`
pub async fn month(state: State<AppState>, Segment(name): Segment, request: Parts) -> Response {
    edition(
        state,
        name.parse()
            .ok()
            .filter(|edition| matches!(edition, Edition::Month(_))),
        request,
    )
    .await
}

async fn edition(State(state): State<AppState>, edition: Option<Edition>, request: Parts) -> Response {
    let Some(edition) = edition else {
        return not_found(State(state), request).await;
    };
    let visitor = Visitor::of(&state, &request).await;
    let nav = match neighbours(&state, edition).await {
        Ok(nav) => nav,
        Err(error) => return failed(&state, &visitor, error).await,
    };
    match state
        .store
        .last_announced_before(edition.end())
        .await
        .for_reader()
    {
        Ok(Some(last)) if last >= edition.start() => {}
        // Nothing appeared then: the last one before that has papers, or else the first after.
        Ok(_) => {
            return match nav.previous.or(nav.next) {
                Some(other) => redirect(StatusCode::FOUND, &other.path()),
                None => not_found(State(state), request).await,
            };
        }
        Err(error) => return failed(&state, &visitor, error).await,
    }
    listing_page(&state, &visitor, &request, read(&request), Some(nav)).await
}
