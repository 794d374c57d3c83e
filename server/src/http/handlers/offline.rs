//! `/offline`: the page that the service worker shows instead of one that this device has not saved.

use app::{pages::OfflinePage, shell::Head};
use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    http::web::{page::render, visitor::Visitor},
    state::AppState,
};

/// `GET /offline`. The service worker inserts the list of saved pages.
pub async fn page(State(state): State<AppState>, visitor: Visitor) -> Response {
    let head = Head {
        title: "Available offline".to_owned(),
        noindex: true,
        ..Head::default()
    };
    render(&state, &visitor, StatusCode::OK, head, OfflinePage).await
}
