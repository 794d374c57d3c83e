//! `/preferences/{token}`: opened by a link in every mail. Opening changes nothing; the buttons act.

use app::{
    AppError,
    context::ForReader,
    pages::{PreferencesPage, PreferencesPageProps, PreferencesState},
    shell::Head,
};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use backend::{
    digest::{next_due, valid_zone},
    store::{Preferences, Subscriber},
    tokens::Token,
};
use domain::{Days, Rhythm, edition::parse_date, rhythm::name};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    pages::{failed, render},
    segment::Segment,
    visitor::Visitor,
};
use crate::state::AppState;

async fn found(state: &AppState, token: &str) -> Result<Option<Subscriber>, AppError> {
    match Token::read(token) {
        Some(token) => state
            .store
            .subscriber_by_preferences(&token.hash())
            .await
            .for_reader(),
        None => Ok(None),
    }
}

/// Pauses are for a year at most.
const LONGEST_PAUSE: i64 = 367 * 86_400;

/// `GET /preferences/{token}`
pub async fn page(State(state): State<AppState>, Segment(token): Segment, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    match found(&state, &token).await {
        Ok(Some(subscriber)) => {
            show(
                &state,
                &visitor,
                form(&subscriber, subscriber.clone(), &token, None, None),
            )
            .await
        }
        Ok(None) => show(&state, &visitor, PreferencesState::Unknown).await,
        Err(error) => failed(&state, &visitor, error).await,
    }
}

/// `POST /preferences/{token}`: `do` says what.
pub async fn change(
    State(state): State<AppState>,
    Segment(token): Segment,
    request: Parts,
    body: Bytes,
) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    match act(&state, &token, &body).await {
        Ok(page) => show(&state, &visitor, page).await,
        Err(error) => failed(&state, &visitor, error).await,
    }
}

async fn act(state: &AppState, token: &str, body: &[u8]) -> Result<PreferencesState, AppError> {
    let Some(subscriber) = found(state, token).await? else {
        return Ok(PreferencesState::Unknown);
    };
    let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let said = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.trim())
    };
    let done = match said("do") {
        Some("stop") => {
            state.store.stop(subscriber.id).await.for_reader()?;
            "You are unsubscribed; nothing more is sent."
        }
        Some("delete") => {
            state.store.forget_subscriber(subscriber.id).await.for_reader()?;
            return Ok(PreferencesState::Forgotten);
        }
        Some(action @ ("save" | "resume")) => {
            let days = fields
                .iter()
                .filter(|(field, _)| field == "day")
                .filter_map(|(_, value)| Days::WEEK.into_iter().find(|day| name(*day) == value));
            let (days, now) = (Days::of(days), state.clock.now());
            let (hour, zone, papers, pause) = (said("hour"), said("zone"), said("papers"), said("pause"));
            let chosen = match chosen(days, hour, zone, papers, pause, now) {
                Ok(chosen) => chosen,
                Err(wrong) => {
                    // As it was typed, to be mended.
                    let typed = Subscriber {
                        days: days.map_or(0, Days::bits),
                        hour: hour.and_then(|hour| hour.parse().ok()).unwrap_or(subscriber.hour),
                        zone: zone.unwrap_or_default().chars().take(64).collect(),
                        papers: papers
                            .and_then(|papers| papers.parse().ok())
                            .unwrap_or(subscriber.papers),
                        ..subscriber.clone()
                    };
                    return Ok(form(&subscriber, typed, token, None, Some(wrong)));
                }
            };
            let from = chosen
                .paused_until
                .and_then(|until| Timestamp::from_second(until - 1).ok())
                .map_or(now, |until| until.max(now));
            // A day that has had its mail has no second one.
            let mut due = next_due(from, &chosen.rhythm);
            for _ in 0..7 {
                let zone = TimeZone::get(&chosen.rhythm.zone).unwrap_or(TimeZone::UTC);
                let day = due.to_zoned_datetime(zone).date();
                if !state.store.has_mail_of(subscriber.id, day).await.for_reader()? {
                    break;
                }
                due = next_due(due, &chosen.rhythm);
            }
            let resume = action == "resume";
            if !state
                .store
                .prefer(subscriber.id, &chosen, due, resume)
                .await
                .for_reader()?
            {
                let wrong = "This address waits to be confirmed: press the button in the mail we sent. Nothing was changed.";
                return Ok(form(
                    &subscriber,
                    subscriber.clone(),
                    token,
                    None,
                    Some(wrong.to_owned()),
                ));
            }
            if resume {
                "Saved, and turned on again."
            } else {
                "Saved."
            }
        }
        _ => {
            let wrong = "The form was cut on its way; nothing was changed.".to_owned();
            return Ok(form(&subscriber, subscriber.clone(), token, None, Some(wrong)));
        }
    };
    let again = found(state, token).await?;
    Ok(match again {
        Some(subscriber) => form(
            &subscriber,
            subscriber.clone(),
            token,
            Some(done.to_owned()),
            None,
        ),
        None => PreferencesState::Unknown,
    })
}

/// Reads the form. The error says in words what is wrong with it.
fn chosen(
    days: Option<Days>,
    hour: Option<&str>,
    zone: Option<&str>,
    papers: Option<&str>,
    pause: Option<&str>,
    now: Timestamp,
) -> Result<Preferences, String> {
    let days = days.ok_or("Choose at least one day; to have no mail at all, unsubscribe.")?;
    let hour = hour
        .and_then(|hour| hour.parse().ok())
        .filter(|hour| (0..24).contains(hour))
        .ok_or("The hour is a number from 0 to 23.")?;
    let typed = zone.unwrap_or_default();
    let zone = valid_zone(typed)
        .ok_or_else(|| {
            let typed: String = typed.chars().take(64).collect();
            format!("“{typed}” is no time zone of the IANA database, such as Europe/Paris.")
        })?
        .to_owned();
    let papers = papers
        .and_then(|papers| papers.parse().ok())
        .filter(|papers| [5, 10, 20].contains(papers))
        .ok_or("A mail has 5, 10 or 20 papers.")?;
    let paused_until = match pause.filter(|pause| !pause.is_empty()) {
        None => None,
        Some(day) => Some(
            parse_date(day)
                .and_then(|day| midnight(day, &zone))
                .filter(|at| (0..LONGEST_PAUSE).contains(&(at - now.as_second() + 86_400)))
                .ok_or("The day until which nothing is to come is written like 2026-12-31, and lies within a year.")?,
        ),
    };
    Ok(Preferences {
        rhythm: Rhythm { zone, hour, days },
        papers,
        paused_until,
    })
}

/// The beginning of a day in a zone, Unix seconds.
fn midnight(day: Date, zone: &str) -> Option<i64> {
    let zone = TimeZone::get(zone).ok()?;
    let at = day
        .to_datetime(jiff::civil::Time::midnight())
        .to_zoned_datetime(zone)
        .ok()?;
    Some(at.timestamp().as_second())
}

/// `stored` is what holds, `shown` what stands in the fields.
fn form(
    stored: &Subscriber,
    shown: Subscriber,
    token: &str,
    done: Option<String>,
    wrong: Option<String>,
) -> PreferencesState {
    let day_of = |at: i64| {
        let zone = TimeZone::get(&stored.zone).unwrap_or(TimeZone::UTC);
        Some(Timestamp::from_second(at).ok()?.to_zoned_datetime(zone).date())
    };
    PreferencesState::Form {
        words: stored.rhythm().words(),
        next: stored.due_at.and_then(|at| Timestamp::from_second(at).ok()),
        paused_until: stored.paused_until.and_then(day_of),
        action: format!("/preferences/{token}"),
        subscriber: Box::new(shown),
        done,
        wrong,
    }
}

async fn show(state: &AppState, visitor: &Visitor, page: PreferencesState) -> Response {
    let status = match &page {
        PreferencesState::Unknown => StatusCode::NOT_FOUND,
        PreferencesState::Form { wrong: Some(_), .. } => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let head = Head {
        title: "Your mail".to_owned(),
        noindex: true,
        ..Head::default()
    };
    render(state, visitor, status, head, || {
        PreferencesPage(PreferencesPageProps { state: page })
    })
    .await
}

/// `GET /preferences/{token}/data.json`: everything that is stored about the subscriber.
pub async fn data(State(state): State<AppState>, Path(token): Path<String>, request: Parts) -> Response {
    let stored = async {
        let Some(subscriber) = found(&state, &token).await? else {
            return Ok(None);
        };
        let letters = state.store.letters_of(subscriber.id).await.for_reader()?;
        let day = |at: Option<i64>| at.and_then(|at| Timestamp::from_second(at).ok());
        Ok(Some(serde_json::json!({
            "email": subscriber.email,
            "state": subscriber.state,
            "zone": subscriber.zone,
            "hour": subscriber.hour,
            "days": subscriber.rhythm().days.words(),
            "papers": subscriber.papers,
            "paused_until": day(subscriber.paused_until),
            "next_mail": day(subscriber.due_at),
            "letters": letters,
        })))
    };
    match stored.await {
        Ok(Some(data)) => (
            [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"broadsheet-subscription.json\"",
                ),
            ],
            data.to_string(),
        )
            .into_response(),
        Ok(None) => {
            let visitor = Visitor::of(&state, &request).await;
            show(&state, &visitor, PreferencesState::Unknown).await
        }
        Err(error) => {
            let visitor = Visitor::of(&state, &request).await;
            failed(&state, &visitor, error).await
        }
    }
}
