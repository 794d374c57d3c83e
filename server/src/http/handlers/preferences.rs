//! `/preferences/{token}`, opened by a link in every email: a GET shows the form and changes nothing; its buttons
//! act.

use app::{
    AppError,
    context::ForReader,
    pages::{PreferencesPage, PreferencesPageProps, PreferencesState, suppression_notice},
    shell::Head,
};
use axum::{extract::State, http::StatusCode, response::Response};
use jiff::Timestamp;
use mail::subscriptions::PreferencesOutcome;
use store::{Subscriber, tokens::Token};

use super::{
    preferences_form::{Form, INCOMPLETE, Submitted},
    searches,
};
use crate::{
    http::web::{
        form_body::FormBody, page::render, page_error::PageResult, responses::download, segment::Segment,
        visitor::Visitor,
    },
    state::AppState,
};

/// `GET /preferences/{token}`
pub async fn page(State(state): State<AppState>, visitor: Visitor, Segment(token): Segment) -> PageResult {
    let page = match subscriber_of(&state, &token).await? {
        Some(subscriber) => {
            Form::stored(&state, subscriber)
                .await?
                .page(&state, &token)
                .await?
        }
        None => PreferencesState::Unknown,
    };
    Ok(show(&state, &visitor, page).await)
}

/// `POST /preferences/{token}`: the field `do` is `save`, `resume`, `stop` or `delete`.
pub async fn change(
    State(state): State<AppState>,
    visitor: Visitor,
    Segment(token): Segment,
    FormBody(body): FormBody,
) -> PageResult {
    let page = act(&state, &token, &Submitted::read(&body)).await?;
    Ok(show(&state, &visitor, page).await)
}

async fn subscriber_of(state: &AppState, token: &str) -> Result<Option<Subscriber>, AppError> {
    match Token::read(token) {
        Some(token) => state
            .store
            .subscriber_by_preferences(&token.hash())
            .await
            .for_reader(),
        None => Ok(None),
    }
}

async fn act(state: &AppState, token: &str, submitted: &Submitted) -> Result<PreferencesState, AppError> {
    let Some(read) = Token::read(token) else {
        return Ok(PreferencesState::Unknown);
    };
    let Some(subscriber) = subscriber_of(state, token).await? else {
        return Ok(PreferencesState::Unknown);
    };
    let (hash, now) = (read.hash(), state.clock.now());
    let done = match submitted.field("do") {
        Some("stop") => {
            state
                .mail
                .unsubscribe_by_preferences(&hash, now)
                .await
                .for_reader()?;
            "No more papers will be sent."
        }
        Some("delete") => {
            let deleted = state.mail.delete_by_preferences(&hash).await.for_reader()?;
            return Ok(if deleted {
                PreferencesState::Deleted
            } else {
                PreferencesState::Unknown
            });
        }
        Some(action @ ("save" | "resume")) => {
            let resume = action == "resume";
            if let Err(wrong) = save(state, &hash, submitted, resume, now).await? {
                let form = Form::submitted(state, subscriber, submitted).await?;
                return form.with_error(wrong).page(state, token).await;
            }
            if resume {
                "Saved. You’re subscribed again."
            } else {
                "Saved."
            }
        }
        _ => {
            let form = Form::stored(state, subscriber).await?;
            return form.with_error(INCOMPLETE.to_owned()).page(state, token).await;
        }
    };
    match subscriber_of(state, token).await? {
        Some(subscriber) => {
            let form = Form::stored(state, subscriber).await?;
            form.with_success(done).page(state, token).await
        }
        None => Ok(PreferencesState::Unknown),
    }
}

/// Saves what was submitted. The inner error is for the reader.
async fn save(
    state: &AppState,
    token: &[u8; 32],
    submitted: &Submitted,
    resume: bool,
    now: Timestamp,
) -> Result<Result<(), String>, AppError> {
    let change = match submitted.change(resume, now) {
        Ok(change) => change,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let outcome = state
        .mail
        .save_preferences(token, &change, now)
        .await
        .for_reader()?;
    Ok(match outcome {
        // The page is built from what is stored, so it says itself if the link is unknown by now.
        PreferencesOutcome::Saved | PreferencesOutcome::Unknown => Ok(()),
        PreferencesOutcome::Unconfirmed => Err(
            "Nothing was changed, because this address isn’t confirmed yet. Click the link in the confirmation email, then try again."
                .to_owned(),
        ),
    })
}

async fn show(state: &AppState, visitor: &Visitor, page: PreferencesState) -> Response {
    let status = match &page {
        PreferencesState::Unknown => StatusCode::NOT_FOUND,
        PreferencesState::Form(form) if form.wrong.is_some() => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let head = Head {
        title: "Email preferences".to_owned(),
        noindex: true,
        ..Head::default()
    };
    render(state, visitor, status, head, || {
        PreferencesPage(PreferencesPageProps { state: page })
    })
    .await
}

/// `GET /preferences/{token}/views.opml`: the active searches as feeds, for a feed reader.
pub async fn opml(State(state): State<AppState>, visitor: Visitor, Segment(token): Segment) -> PageResult {
    let Some(subscriber) = subscriber_of(&state, &token).await? else {
        return Ok(show(&state, &visitor, PreferencesState::Unknown).await);
    };
    let searches = state.store.active_searches_of(subscriber.id).await.for_reader()?;
    Ok(searches::opml_file(&state, searches))
}

/// `GET /preferences/{token}/data.json`: everything that is stored about the subscriber.
pub async fn data(State(state): State<AppState>, visitor: Visitor, Segment(token): Segment) -> PageResult {
    let Some(subscriber) = subscriber_of(&state, &token).await? else {
        return Ok(show(&state, &visitor, PreferencesState::Unknown).await);
    };
    let data = stored_data(&state, subscriber).await?;
    Ok(download(
        "broadsheet-subscription.json",
        "application/json",
        "no-store",
        data.to_string(),
    ))
}

async fn stored_data(state: &AppState, subscriber: Subscriber) -> Result<serde_json::Value, AppError> {
    let emails = state.store.emails_of(subscriber.id).await.for_reader()?;
    let searches = state.store.searches_of(subscriber.id).await.for_reader()?;
    let searches: Vec<_> = searches
        .iter()
        .map(|search| {
            serde_json::json!({
                "url": format!("{}{}", state.public_url, search.view.path()),
                "label": search.view.label(),
                "name": search.name,
                "is_pending": search.is_pending,
            })
        })
        .collect();
    let suppression = state.mail.suppression_of(&subscriber).await.for_reader()?;
    let moment = |at: Option<i64>| at.and_then(|at| Timestamp::from_second(at).ok());
    Ok(serde_json::json!({
        "email": subscriber.email,
        "state": subscriber.state.code(),
        "zone": subscriber.zone,
        "hour": subscriber.hour,
        "days": subscriber.schedule().days.label(),
        "papers": subscriber.papers,
        "paused_until": moment(subscriber.paused_until),
        "next_email": moment(subscriber.due_at),
        "searches": searches,
        "suppressed": suppression.map(|suppression| suppression_notice(&suppression)),
        "emails": emails,
    }))
}
