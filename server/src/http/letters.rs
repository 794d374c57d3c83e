//! `/confirm/{token}` and `/unsubscribe/{token}`: opening changes nothing, the button acts.

use app::{
    context::ForReader,
    pages::{
        ConfirmPage, ConfirmPageProps, ConfirmState, UnsubscribePage, UnsubscribePageProps, UnsubscribeState,
    },
    shell::Head,
};
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use backend::{
    digest,
    store::{Confirmed, Subscriber},
    tokens::Token,
};

use super::{
    pages::{failed, render},
    segment::Segment,
    visitor::Visitor,
};
use crate::state::AppState;

/// `GET /confirm/{token}`
pub async fn ask_confirm(State(state): State<AppState>, Segment(token): Segment, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let found = match Token::read(&token) {
        Some(token) => state
            .store
            .subscriber_by_confirm(&token.hash())
            .await
            .for_reader(),
        None => Ok(None),
    };
    let page = match found {
        Err(error) => return failed(&state, &visitor, error).await,
        Ok(Some(subscriber)) if subscriber.is_active() => ConfirmState::Done {
            email: subscriber.email,
            zone: subscriber.zone,
            again: true,
        },
        Ok(Some(subscriber)) if subscriber.state != "pending" => ConfirmState::Unknown,
        Ok(Some(subscriber)) if subscriber.link_has_expired(state.clock.now()) => ConfirmState::Expired,
        Ok(Some(subscriber)) => ConfirmState::Asking {
            email: subscriber.email,
            zone: subscriber.zone,
            action: format!("/confirm/{token}"),
        },
        Ok(None) => ConfirmState::Unknown,
    };
    show_confirm(&state, &visitor, page).await
}

/// `POST /confirm/{token}`
pub async fn confirm(State(state): State<AppState>, Segment(token): Segment, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let now = state.clock.now();
    let confirmed = match Token::read(&token) {
        Some(token) => state
            .store
            .confirm(&token.hash(), now, |zone| digest::first_due(now, zone))
            .await
            .for_reader(),
        None => Ok(Confirmed::Unknown),
    };
    let done = |subscriber: Subscriber, again| ConfirmState::Done {
        email: subscriber.email,
        zone: subscriber.zone,
        again,
    };
    let page = match confirmed {
        Err(error) => return failed(&state, &visitor, error).await,
        Ok(Confirmed::Now(subscriber)) => done(subscriber, false),
        Ok(Confirmed::Before(subscriber)) => done(subscriber, true),
        Ok(Confirmed::Expired) => ConfirmState::Expired,
        Ok(Confirmed::Unknown) => ConfirmState::Unknown,
    };
    show_confirm(&state, &visitor, page).await
}

async fn show_confirm(state: &AppState, visitor: &Visitor, page: ConfirmState) -> Response {
    let status = match page {
        ConfirmState::Asking { .. } | ConfirmState::Done { .. } => StatusCode::OK,
        ConfirmState::Expired => StatusCode::GONE,
        ConfirmState::Unknown => StatusCode::NOT_FOUND,
    };
    let head = Head {
        title: "Confirm".to_owned(),
        noindex: true,
        ..Head::default()
    };
    render(state, visitor, status, head, || {
        ConfirmPage(ConfirmPageProps { state: page })
    })
    .await
}

/// `GET /unsubscribe/{token}`
pub async fn ask_unsubscribe(
    State(state): State<AppState>,
    Segment(token): Segment,
    request: Parts,
) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let found = match Token::read(&token) {
        Some(token) => state
            .store
            .subscriber_by_unsubscribe(&token.hash())
            .await
            .for_reader(),
        None => Ok(None),
    };
    let page = match found {
        Err(error) => return failed(&state, &visitor, error).await,
        Ok(Some(subscriber)) if subscriber.state == "stopped" => UnsubscribeState::Done {
            email: subscriber.email,
        },
        Ok(Some(subscriber)) => UnsubscribeState::Asking {
            email: subscriber.email,
            action: format!("/unsubscribe/{token}"),
        },
        Ok(None) => UnsubscribeState::Unknown,
    };
    show_unsubscribe(&state, &visitor, page).await
}

/// `POST /unsubscribe/{token}`: from the page's button, or from a mail program in one click (RFC 8058), which sends no
/// cookie and follows no redirect. Acts at once; twice is the same as once.
pub async fn unsubscribe(State(state): State<AppState>, Segment(token): Segment, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let stopped = match Token::read(&token) {
        Some(token) => state.store.unsubscribe(&token.hash()).await.for_reader(),
        None => Ok(None),
    };
    let page = match stopped {
        Err(error) => return failed(&state, &visitor, error).await,
        Ok(Some(subscriber)) => UnsubscribeState::Done {
            email: subscriber.email,
        },
        Ok(None) => UnsubscribeState::Unknown,
    };
    show_unsubscribe(&state, &visitor, page).await
}

async fn show_unsubscribe(state: &AppState, visitor: &Visitor, page: UnsubscribeState) -> Response {
    let status = if page == UnsubscribeState::Unknown {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    let head = Head {
        title: "Unsubscribe".to_owned(),
        noindex: true,
        ..Head::default()
    };
    render(state, visitor, status, head, || {
        UnsubscribePage(UnsubscribePageProps { state: page })
    })
    .await
}
