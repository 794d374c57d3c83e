//! Renders a page for a visitor.

use app::shell::{self, Head};
use axum::{
    http::{HeaderName, StatusCode},
    response::Response,
};
use leptos::IntoView;

use super::{
    responses::{html, set},
    visitor::Visitor,
};
use crate::state::AppState;

/// The page with masthead and footer, for this visitor.
pub async fn render<V: IntoView>(
    state: &AppState,
    visitor: &Visitor,
    status: StatusCode,
    head: Head,
    content: impl FnOnce() -> V,
) -> Response {
    let frame = visitor.frame(state).await;
    let mut response = html(status, shell::page(frame, head, content));
    // The service worker must not show a stored page of one reader to the next.
    if let Some(mark) = &visitor.mark {
        set(&mut response, HeaderName::from_static("x-reader"), mark);
    }
    response
}
