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
    http::{HeaderValue, StatusCode, header, request::Parts},
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
    let mut cookie = None;
    let done = |subscriber: Subscriber, again| ConfirmState::Done {
        email: subscriber.email,
        zone: subscriber.zone,
        again,
    };
    let page = match confirmed {
        Err(error) => return failed(&state, &visitor, error).await,
        Ok(Confirmed::Now(subscriber)) => {
            cookie = voice(&state, &visitor, &subscriber).await;
            done(subscriber, false)
        }
        Ok(Confirmed::Before(subscriber)) => {
            cookie = voice(&state, &visitor, &subscriber).await;
            done(subscriber, true)
        }
        Ok(Confirmed::Expired) => ConfirmState::Expired,
        Ok(Confirmed::Unknown) => ConfirmState::Unknown,
    };
    let mut response = show_confirm(&state, &visitor, page).await;
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Whoever presses the button in their mail is a confirmed reader: the bookmarks of this browser count in heat, all
/// browsers of one address as one. Answers the cookie of a reader who had none. That it fails stops nothing.
async fn voice(state: &AppState, visitor: &Visitor, subscriber: &Subscriber) -> Option<String> {
    let (reader, cookie) = match visitor.session.reader() {
        Some(reader) => (reader, None),
        None => {
            let (reader, cookie) = state
                .sessions
                .make_reader(state.clock.now())
                .await
                .for_reader()
                .ok()?;
            (reader, Some(cookie))
        }
    };
    state
        .store
        .confirm_reader(reader, subscriber.id)
        .await
        .for_reader()
        .ok()?;
    cookie
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
