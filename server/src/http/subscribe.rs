//! `/subscribe`: the form, and the page that says to look into the inbox.

use app::{
    context::ForReader,
    pages::{SubscribePage, SubscribePageProps, SubscribeState},
    shell::Head,
};
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};

use super::{pages::render, visitor::Visitor};
use crate::state::AppState;

/// The form; `?sent` after it was sent.
pub async fn page(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let sent = request
        .uri
        .query()
        .is_some_and(|query| form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "sent"));
    let form = if sent {
        SubscribeState::Sent
    } else {
        SubscribeState::Asking
    };
    show(&state, &visitor, StatusCode::OK, form).await
}

/// The page in one of its states.
pub async fn show(state: &AppState, visitor: &Visitor, status: StatusCode, form: SubscribeState) -> Response {
    // The preview is a courtesy: without it the form still works.
    let preview = state
        .post
        .next_papers(backend::digest::MOST_PAPERS)
        .await
        .for_reader()
        .unwrap_or_default();
    let head = Head {
        title: "Papers by mail".to_owned(),
        description: Some("Trending research papers in your inbox, once a day.".to_owned()),
        canonical: Some(format!("{}/subscribe", state.post.public_url)),
        noindex: false,
        feeds: None,
    };
    render(state, visitor, status, head, || {
        SubscribePage(SubscribePageProps { state: form, preview })
    })
    .await
}
