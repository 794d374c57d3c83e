//! `/subscribe`: the form for a list, and the page that says to look into the inbox.

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

/// The form for the list of this query; `?sent` after it was sent.
pub async fn page(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let query = request.uri.query().unwrap_or_default();
    let said = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    };
    if said("sent").is_some() {
        return show(&state, &visitor, StatusCode::OK, SubscribeState::Sent).await;
    }
    // What of the list's query cannot be read is named there; here the rest of it is what is subscribed to.
    let view = ListingQuery::of(&read(&request).listing);
    let form = SubscribeForm {
        view: view.query(),
        ..SubscribeForm::default()
    };
    let asking = SubscribeState::Asking { form, why: None };
    show(&state, &visitor, StatusCode::OK, asking).await
}

/// The page in one of its states.
pub async fn show(state: &AppState, visitor: &Visitor, status: StatusCode, page: SubscribeState) -> Response {
    let view = match &page {
        SubscribeState::Asking { form, .. } => ListingQuery::stored(&form.view),
        _ => ListingQuery::front(),
    };
    let preview = match &page {
        // A courtesy: without it the form still works.
        SubscribeState::Asking { .. } => state
            .mail
            .next_papers(&view, mail::digest::MOST_PAPERS, state.clock.now())
            .await
            .for_reader()
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    let head = Head {
        title: if view.is_front() {
            "Papers by mail".to_owned()
        } else {
            format!("By mail: {}", view.label())
        },
        description: Some(
            "Research papers in your inbox: what is trending, or what is new in any list.".to_owned(),
        ),
        canonical: Some(format!("{}/subscribe{}", state.mail.public_url, view.query())),
        noindex: !view.is_front(),
        ..Head::default()
    };
    render(state, visitor, status, head, || {
        SubscribePage(SubscribePageProps {
            state: page,
            view,
            preview,
        })
    })
    .await
}
