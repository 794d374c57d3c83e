//! `/confirm/{token}` and `/unsubscribe/{token}`: a GET shows a button and changes nothing; the POST acts.

use app::{
    AppError,
    context::ForReader,
    pages::{
        ConfirmPage, ConfirmPageProps, ConfirmState, UnsubscribePage, UnsubscribePageProps, UnsubscribeState,
    },
    shell::Head,
};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{SavedSearch, SubscriberState};
use mail::subscriptions::{
    BrowserReader, ConfirmOutcome, Confirmation, ConfirmationPage, UnsubscribedBy, schedule_and_length,
};
use store::{MAX_SEARCHES_PER_EMAIL, Subscriber, tokens::Token};

use crate::{
    http::web::{
        form_body::FormBody, page::render, page_error::PageResult, segment::Segment, visitor::Visitor,
    },
    state::AppState,
};

/// `GET /confirm/{token}`
pub async fn ask_confirm(
    State(state): State<AppState>,
    visitor: Visitor,
    Segment(token): Segment,
) -> PageResult {
    let page = confirmation(&state, &token, None).await?;
    Ok(show_confirm(&state, &visitor, page).await)
}

/// The page of a confirmation link, with what was wrong with the last submission.
async fn confirmation(
    state: &AppState,
    token: &str,
    wrong: Option<String>,
) -> Result<ConfirmState, AppError> {
    let Some(read) = Token::read(token) else {
        return Ok(ConfirmState::Unknown);
    };
    let page = state
        .mail
        .confirmation_page(&read.hash(), state.clock.now())
        .await
        .for_reader()?;
    match page {
        ConfirmationPage::Waiting { subscriber, searches } => Ok(ConfirmState::Asking {
            schedule: subscriber.schedule().label(),
            adding: subscriber.is_active(),
            shown: schedule_and_length(&subscriber),
            email: subscriber.email,
            searches,
            action: format!("/confirm/{token}"),
            wrong,
        }),
        ConfirmationPage::Confirmed(subscriber) => confirmed(state, subscriber, true).await,
        ConfirmationPage::Expired => Ok(ConfirmState::Expired),
        ConfirmationPage::Unknown => Ok(ConfirmState::Unknown),
    }
}

async fn confirmed(state: &AppState, subscriber: Subscriber, again: bool) -> Result<ConfirmState, AppError> {
    let searches = state.store.active_searches_of(subscriber.id).await.for_reader()?;
    Ok(ConfirmState::Done {
        schedule: subscriber.schedule().label(),
        email: subscriber.email,
        searches: searches.iter().map(SavedSearch::label).collect(),
        again,
    })
}

/// `POST /confirm/{token}`: confirms the searches that were shown and ticked. A POST without a form confirms all that
/// wait.
pub async fn confirm(
    State(state): State<AppState>,
    visitor: Visitor,
    Segment(token): Segment,
    FormBody(body): FormBody,
) -> PageResult {
    let (page, cookie) = submit_confirm(&state, &visitor, &token, &body).await?;
    let mut response = show_confirm(&state, &visitor, page).await;
    if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Confirms, and answers the page and the cookie of a new reader.
async fn submit_confirm(
    state: &AppState,
    visitor: &Visitor,
    token: &str,
    body: &[u8],
) -> Result<(ConfirmState, Option<String>), AppError> {
    let Some(read) = Token::read(token) else {
        return Ok((ConfirmState::Unknown, None));
    };
    let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let shown = fields
        .iter()
        .find(|(name, _)| name == "promise")
        .map(|(_, value)| value.as_str());
    let ticked: Vec<i64> = fields
        .iter()
        .filter(|(name, _)| name == "view")
        .filter_map(|(_, value)| value.parse().ok())
        .collect();
    let (reader, cookie) = match visitor.session.reader() {
        Some(reader) => (BrowserReader::Known(reader), None),
        None => {
            let (token_hash, cookie) = state.sessions.new_cookie().for_reader()?;
            (BrowserReader::New { token_hash }, Some(cookie))
        }
    };
    let confirmation_request = Confirmation {
        token: &read.hash(),
        chosen: shown.map(|_| ticked.as_slice()),
        shown,
        reader: Some(reader),
    };
    let outcome = state
        .mail
        .confirm(&confirmation_request, state.clock.now())
        .await
        .for_reader()?;
    let wrong = match outcome {
        ConfirmOutcome::Confirmed(subscriber) => {
            return Ok((confirmed(state, subscriber, false).await?, cookie));
        }
        ConfirmOutcome::AlreadyConfirmed(subscriber) => {
            return Ok((confirmed(state, subscriber, true).await?, cookie));
        }
        ConfirmOutcome::Expired => return Ok((ConfirmState::Expired, None)),
        ConfirmOutcome::Unknown => return Ok((ConfirmState::Unknown, None)),
        ConfirmOutcome::NothingChosen => "Choose at least one search. Nothing was changed.".to_owned(),
        ConfirmOutcome::TooManySearches => format!(
            "One email has at most {MAX_SEARCHES_PER_EMAIL} searches. Choose fewer, or remove some with the link “Manage preferences” in any email. Nothing was changed."
        ),
        ConfirmOutcome::RequestChanged => {
            "This request has changed since you opened this page. Check the schedule and confirm again. Nothing was changed."
                .to_owned()
        }
    };
    Ok((confirmation(state, token, Some(wrong)).await?, None))
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
    visitor: Visitor,
    Segment(token): Segment,
) -> PageResult {
    let found = match Token::read(&token) {
        Some(token) => state
            .store
            .subscriber_by_unsubscribe(&token.hash())
            .await
            .for_reader()?,
        None => None,
    };
    let page = match found {
        Some(subscriber) if subscriber.state == SubscriberState::Stopped => UnsubscribeState::Done {
            email: subscriber.email,
        },
        Some(subscriber) => UnsubscribeState::Asking {
            email: subscriber.email,
            action: format!("/unsubscribe/{token}"),
        },
        None => UnsubscribeState::Unknown,
    };
    Ok(show_unsubscribe(&state, &visitor, page).await)
}

/// `POST /unsubscribe/{token}`: from the button of the page, or from a mail program in one click (RFC 8058), which
/// sends no cookie and follows no redirect. Acts at once. Idempotent.
pub async fn unsubscribe(
    State(state): State<AppState>,
    visitor: Visitor,
    Segment(token): Segment,
    FormBody(body): FormBody,
) -> PageResult {
    let stopped = match Token::read(&token) {
        Some(token) => state
            .mail
            .unsubscribe(&token.hash(), unsubscribed_by(&body), state.clock.now())
            .await
            .for_reader()?,
        None => None,
    };
    let page = match stopped {
        Some(Subscriber { email, .. }) => UnsubscribeState::Done { email },
        None => UnsubscribeState::Unknown,
    };
    Ok(show_unsubscribe(&state, &visitor, page).await)
}

/// The form of the page has a field `button`. Any other POST counts as one of a mail program.
fn unsubscribed_by(body: &[u8]) -> UnsubscribedBy {
    let has = |wanted: &dyn Fn(&str, &str) -> bool| {
        form_urlencoded::parse(body).any(|(name, value)| wanted(&name, &value))
    };
    let is_one_click = has(&|name, value| name == "List-Unsubscribe" && value == "One-Click");
    if !is_one_click && has(&|name, _| name == "button") {
        UnsubscribedBy::Page
    } else {
        UnsubscribedBy::MailProgram
    }
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
