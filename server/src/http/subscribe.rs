//! `/subscribe`: the form, and the page after it was submitted.

use app::{
    context::ForReader,
    pages::{SubscribeForm, SubscribePage, SubscribePageProps, SubscribeState},
    shell::Head,
};
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use domain::ListingQuery;

use super::{listing::read, pages::render, visitor::Visitor};
use crate::state::AppState;

/// Papers in the preview of the next email.
const PREVIEW_PAPERS: usize = 10;

/// `GET /subscribe`: the form for the search in the query; with `?sent`, the page after it was submitted.
pub async fn page(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let query = request.uri.query().unwrap_or_default();
    let was_sent = form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "sent");
    if was_sent {
        return show(&state, &visitor, StatusCode::OK, SubscribeState::Sent).await;
    }
    // Invalid parts of the query are ignored here. The page of the listing itself names them.
    let search = ListingQuery::of(&read(&request).listing);
    let form = SubscribeForm {
        view: search.query(),
        ..SubscribeForm::default()
    };
    let asking = SubscribeState::Asking { form, why: None };
    show(&state, &visitor, StatusCode::OK, asking).await
}

/// The page in one of its states.
pub async fn show(state: &AppState, visitor: &Visitor, status: StatusCode, page: SubscribeState) -> Response {
    let search = match &page {
        SubscribeState::Asking { form, .. } => ListingQuery::stored(&form.view),
        _ => ListingQuery::front(),
    };
    let preview = match &page {
        // The form works without a preview, so an error is no reason to fail.
        SubscribeState::Asking { .. } => state
            .mail
            .next_papers(&search, PREVIEW_PAPERS, state.clock.now())
            .await
            .for_reader()
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    let head = Head {
        title: if search.is_front() {
            "Email digest".to_owned()
        } else {
            format!("Subscribe: {}", search.label())
        },
        description: Some(
            "New research papers in your inbox: trending papers, or the results of any search.".to_owned(),
        ),
        canonical: Some(format!("{}/subscribe{}", state.mail.public_url, search.query())),
        noindex: !search.is_front(),
        ..Head::default()
    };
    render(state, visitor, status, head, || {
        SubscribePage(SubscribePageProps {
            state: page,
            search,
            preview,
        })
    })
    .await
}
