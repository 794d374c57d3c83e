//! `/confirm/{token}` and `/unsubscribe/{token}`: opening changes nothing, the button acts.

use app::{
    AppError,
    context::ForReader,
    pages::{
        ConfirmPage, ConfirmPageProps, ConfirmState, UnsubscribePage, UnsubscribePageProps, UnsubscribeState,
    },
    shell::Head,
};
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use domain::SavedSearch;
use mail::digest;
use store::tokens::Token;
use store::{Confirmed, MAX_SEARCHES_PER_EMAIL, Subscriber};

use super::{
    pages::{failed, render},
    segment::Segment,
    visitor::Visitor,
};
use crate::state::AppState;

/// `GET /confirm/{token}`
pub async fn ask_confirm(State(state): State<AppState>, Segment(token): Segment, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    match asking(&state, &token, None).await {
        Ok(page) => show_confirm(&state, &visitor, page).await,
        Err(error) => failed(&state, &visitor, error).await,
    }
}

/// The page behind a confirmation link, before anything is pressed.
async fn asking(state: &AppState, token: &str, wrong: Option<String>) -> Result<ConfirmState, AppError> {
    let Some(read) = Token::read(token) else {
        return Ok(ConfirmState::Unknown);
    };
    let found = state
        .store
        .subscriber_by_confirm(&read.hash())
        .await
        .for_reader()?;
    let Some(subscriber) = found.filter(|subscriber| subscriber.state != "stopped") else {
        return Ok(ConfirmState::Unknown);
    };
    let waiting = state
        .store
        .pending_searches_of(subscriber.id)
        .await
        .for_reader()?;
    if waiting.is_empty() && subscriber.is_active() {
        return done(state, subscriber, true).await;
    }
    if subscriber.link_has_expired(state.clock.now()) {
        return Ok(ConfirmState::Expired);
    }
    Ok(ConfirmState::Asking {
        rhythm: subscriber.schedule().label(),
        adding: subscriber.is_active(),
        promise: promise(&subscriber),
        email: subscriber.email,
        waiting,
        action: format!("/confirm/{token}"),
        wrong,
    })
}

/// When and how much, as the page says it.
fn promise(subscriber: &Subscriber) -> String {
    format!("{}, {} papers", subscriber.schedule().label(), subscriber.papers)
}

async fn done(state: &AppState, subscriber: Subscriber, again: bool) -> Result<ConfirmState, AppError> {
    let sections = state.store.active_searches_of(subscriber.id).await.for_reader()?;
    Ok(ConfirmState::Done {
        rhythm: subscriber.schedule().label(),
        email: subscriber.email,
        lists: sections.iter().map(SavedSearch::label).collect(),
        again,
    })
}

/// `POST /confirm/{token}`: what was shown and ticked; from a bare POST, all that waits.
pub async fn confirm(
    State(state): State<AppState>,
    Segment(token): Segment,
    request: Parts,
    body: Bytes,
) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let ticked: Vec<i64> = fields
        .iter()
        .filter(|(name, _)| name == "view")
        .filter_map(|(_, value)| value.parse().ok())
        .collect();
    let promised = fields
        .iter()
        .find(|(name, _)| name == "promise")
        .map(|(_, value)| value.as_str());
    match press_confirm(&state, &visitor, &token, &ticked, promised).await {
        Ok((page, cookie)) => {
            let mut response = show_confirm(&state, &visitor, page).await;
            if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(error) => failed(&state, &visitor, error).await,
    }
}

async fn press_confirm(
    state: &AppState,
    visitor: &Visitor,
    token: &str,
    ticked: &[i64],
    promised: Option<&str>,
) -> Result<(ConfirmState, Option<String>), AppError> {
    let Some(read) = Token::read(token) else {
        return Ok((ConfirmState::Unknown, None));
    };
    let now = state.clock.now();
    if let Some(promised) = promised {
        let found = state
            .store
            .subscriber_by_confirm(&read.hash())
            .await
            .for_reader()?;
        if found.is_some_and(|found| !found.is_active() && promise(&found) != promised) {
            let wrong = "This was asked for anew in the meantime, for another hour or number of papers. Look again before you confirm; nothing was changed.";
            return Ok((asking(state, token, Some(wrong.to_owned())).await?, None));
        }
    }
    let chosen = promised.map(|_| ticked);
    let confirmed = state
        .store
        .confirm(&read.hash(), chosen, now, |subscriber| {
            digest::first_due(now, subscriber)
        })
        .await
        .for_reader()?;
    match confirmed {
        Confirmed::Now(subscriber) => {
            // That a mail was read says more than that one came back.
            state.mail.reached(&subscriber).await.for_reader()?;
            let cookie = voice(state, visitor, &subscriber).await;
            Ok((done(state, subscriber, false).await?, cookie))
        }
        Confirmed::Before(subscriber) => {
            // The first time may have been cut off half-way.
            state.mail.reached(&subscriber).await.for_reader()?;
            let cookie = voice(state, visitor, &subscriber).await;
            Ok((done(state, subscriber, true).await?, cookie))
        }
        Confirmed::Nothing(_) => Ok((
            asking(state, token, Some("Tick at least one list; nothing was changed.".to_owned())).await?,
            None,
        )),
        Confirmed::TooMany(_) => Ok((
            asking(
                state,
                token,
                Some(format!("One mail has at most {MAX_SEARCHES_PER_EMAIL} lists. Let go of some by the link to your choices in any mail, or tick fewer; nothing was changed.")),
            )
            .await?,
            None,
        )),
        Confirmed::Expired => Ok((ConfirmState::Expired, None)),
        Confirmed::Unknown => Ok((ConfirmState::Unknown, None)),
    }
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
/// cookie and follows no redirect. Acts at once; twice is the same as once. Whoever presses the button gets one last mail
/// that says so, with a way back in case it was a slip; a mail program does not.
pub async fn unsubscribe(
    State(state): State<AppState>,
    Segment(token): Segment,
    request: Parts,
    body: Bytes,
) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let one_click =
        form_urlencoded::parse(&body).any(|(name, value)| name == "List-Unsubscribe" && value == "One-Click");
    match press_unsubscribe(&state, &token, !one_click && is_form(&body)).await {
        Ok(page) => show_unsubscribe(&state, &visitor, page).await,
        Err(error) => failed(&state, &visitor, error).await,
    }
}

/// The page's own form has a field that says so: a bare POST is taken for a machine's.
fn is_form(body: &[u8]) -> bool {
    form_urlencoded::parse(body).any(|(name, _)| name == "button")
}

async fn press_unsubscribe(
    state: &AppState,
    token: &str,
    by_hand: bool,
) -> Result<UnsubscribeState, AppError> {
    let Some(token) = Token::read(token) else {
        return Ok(UnsubscribeState::Unknown);
    };
    let hash = token.hash();
    let before = state.store.subscriber_by_unsubscribe(&hash).await.for_reader()?;
    let Some(stopped) = state
        .store
        .unsubscribe(&hash, state.clock.now())
        .await
        .for_reader()?
    else {
        return Ok(UnsubscribeState::Unknown);
    };
    if by_hand && before.is_some_and(|before| before.is_active()) {
        state
            .mail
            .say_goodbye(&stopped, state.clock.now())
            .await
            .for_reader()?;
    }
    Ok(UnsubscribeState::Done { email: stopped.email })
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
