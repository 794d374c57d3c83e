//! `/preferences/{token}`: opened by a link in every mail. Opening changes nothing; the buttons act.

use app::{
    AppError,
    context::ForReader,
    pages::{
        ListField, PreferencesForm, PreferencesPage, PreferencesPageProps, PreferencesState, suppressed_words,
    },
    shell::Head,
};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{
    Days, DigestSchedule, ListingQuery,
    digest_schedule::name,
    edition::parse_date,
    listing_query::{NamedListing, view_name},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use mail::digest::{next_due, valid_zone};
use store::tokens::Token;
use store::{MAX_SEARCHES_PER_EMAIL, Preferences, Subscriber};

use super::{
    pages::{failed, render},
    searches,
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
    let page = async {
        match found(&state, &token).await? {
            Some(subscriber) => Form::stored(&state, subscriber).await?.page(&state, &token).await,
            None => Ok(PreferencesState::Unknown),
        }
    };
    match page.await {
        Ok(page) => show(&state, &visitor, page).await,
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
    let sent = Sent(form_urlencoded::parse(body).into_owned().collect());
    let done = match sent.said("do") {
        Some("stop") => {
            state
                .store
                .stop(subscriber.id, state.clock.now())
                .await
                .for_reader()?;
            if subscriber.is_active() {
                state
                    .mail
                    .say_goodbye(&subscriber, state.clock.now())
                    .await
                    .for_reader()?;
            }
            "You are unsubscribed; no more papers are sent."
        }
        Some("delete") => {
            state.store.forget_subscriber(subscriber.id).await.for_reader()?;
            return Ok(PreferencesState::Forgotten);
        }
        Some(action @ ("save" | "resume")) => {
            let resume = action == "resume";
            if let Err(wrong) = save(state, &subscriber, &sent, resume).await? {
                let form = Form::typed(state, subscriber, &sent).await?;
                return form.saying(None, Some(wrong)).page(state, token).await;
            }
            if resume {
                "Saved, and turned on again."
            } else {
                "Saved."
            }
        }
        _ => {
            let wrong = "The form was cut on its way; nothing was changed.".to_owned();
            let form = Form::stored(state, subscriber).await?;
            return form.saying(None, Some(wrong)).page(state, token).await;
        }
    };
    match found(state, token).await? {
        Some(subscriber) => {
            let form = Form::stored(state, subscriber).await?;
            form.saying(Some(done.to_owned()), None).page(state, token).await
        }
        None => Ok(PreferencesState::Unknown),
    }
}

/// The fields of a form that was sent.
struct Sent(Vec<(String, String)>);

impl Sent {
    fn said(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.trim())
    }

    fn days(&self) -> Option<Days> {
        let days = self
            .0
            .iter()
            .filter(|(field, _)| field == "day")
            .filter_map(|(_, value)| Days::WEEK.into_iter().find(|day| name(*day) == value));
        Days::of(days)
    }

    /// The lists that were sent, as they were typed; `None` from a form without any. The error: some are missing.
    fn lists(&self) -> Option<Result<Vec<ListField>, String>> {
        self.said("list-new")?;
        let sent: usize = self
            .0
            .iter()
            .filter(|(name, _)| name.starts_with("list-"))
            .count()
            - 1;
        let shown = self.said("lists").and_then(|count| count.parse::<usize>().ok());
        let lists: Vec<ListField> = (0..sent)
            .map_while(|n| {
                let address = self.said(&format!("list-{n}"))?.to_owned();
                Some(ListField {
                    words: ListingQuery::parse(&address)
                        .map(|view| view.label())
                        .unwrap_or_default(),
                    name: self.said(&format!("name-{n}")).unwrap_or_default().to_owned(),
                    dropped: self.said(&format!("drop-{n}")).is_some(),
                    address,
                })
            })
            .collect();
        Some(
            if lists.len() == sent && shown.is_none_or(|shown| shown == sent) {
                Ok(lists)
            } else {
                Err("The form was cut on its way; nothing was changed.".to_owned())
            },
        )
    }

    /// The views that the form showed; what was added since is none of its business.
    fn shown(&self) -> Vec<i64> {
        let shown = self.said("shown").unwrap_or_default();
        shown.split(' ').filter_map(|id| id.parse().ok()).collect()
    }

    /// The lists that are wished for. The error says in words what is wrong with one.
    fn sections(&self) -> Option<Result<Vec<NamedListing>, String>> {
        let mut lists = match self.lists()? {
            Ok(lists) => lists,
            Err(wrong) => return Some(Err(wrong)),
        };
        if let Some(added) = self.said("list-new").filter(|added| !added.is_empty()) {
            lists.push(ListField {
                address: added.to_owned(),
                ..ListField::default()
            });
        }
        let mut sections: Vec<NamedListing> = Vec::new();
        for list in lists.into_iter().filter(|list| !list.dropped) {
            let view = match ListingQuery::parse(&list.address) {
                Ok(view) => view,
                Err(error) => return Some(Err(error.to_string())),
            };
            // The same list twice is one section.
            if !sections.iter().any(|known| known.view.query() == view.query()) {
                sections.push(NamedListing {
                    name: view_name(&list.name),
                    view,
                });
            }
        }
        Some(match sections.len() {
            0 => Err("Keep at least one list; to have no mail at all, unsubscribe.".to_owned()),
            n if n > MAX_SEARCHES_PER_EMAIL => {
                Err(format!("One mail has at most {MAX_SEARCHES_PER_EMAIL} lists."))
            }
            _ => Ok(sections),
        })
    }
}

/// Keeps what was sent. The inner error says in words what is wrong with it.
async fn save(
    state: &AppState,
    subscriber: &Subscriber,
    sent: &Sent,
    resume: bool,
) -> Result<Result<(), String>, AppError> {
    let now = state.clock.now();
    let chosen = match chosen(
        sent.days(),
        sent.said("hour"),
        sent.said("zone"),
        sent.said("papers"),
        sent.said("pause"),
        now,
    ) {
        Ok(chosen) => chosen,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let sections = match sent.sections().transpose() {
        Ok(sections) => sections,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let is_paused = chosen.paused_until.is_some();
    let from = chosen
        .paused_until
        .and_then(|until| Timestamp::from_second(until - 1).ok())
        .map_or(now, |until| until.max(now));
    let day_of = |at: Timestamp| {
        let zone = TimeZone::get(&chosen.rhythm.zone).unwrap_or(TimeZone::UTC);
        at.to_zoned_datetime(zone).date()
    };
    // A mail that is due this very moment still comes; a day that has had its mail has no second one.
    let waiting = subscriber
        .due_at
        .and_then(|due| Timestamp::from_second(due).ok())
        .filter(|due| *due <= now && subscriber.is_active() && !is_paused);
    let mut due = match waiting {
        Some(waiting) if chosen.rhythm.days.has(day_of(waiting).weekday()) => waiting,
        _ => next_due(from, &chosen.rhythm),
    };
    for _ in 0..8 {
        if !state
            .store
            .has_mail_of(subscriber.id, day_of(due))
            .await
            .for_reader()?
        {
            break;
        }
        due = next_due(due.max(from), &chosen.rhythm);
    }
    if !state
        .store
        .prefer(subscriber.id, &chosen, due, resume, now)
        .await
        .for_reader()?
    {
        let wrong =
            "This address waits to be confirmed: press the button in the mail we sent. Nothing was changed.";
        return Ok(Err(wrong.to_owned()));
    }
    if let Some(mut sections) = sections {
        let shown = sent.shown();
        let known = state.store.active_searches_of(subscriber.id).await.for_reader()?;
        // An old page does not know of lists that were confirmed since: they stay.
        for section in known {
            let is_new = !shown.is_empty() && !shown.contains(&section.view_id);
            if is_new
                && !sections
                    .iter()
                    .any(|known| known.view.query() == section.view.query())
            {
                sections.push(NamedListing {
                    view: section.view,
                    name: section.name,
                });
            }
        }
        state
            .store
            .set_searches(subscriber.id, &sections, now)
            .await
            .for_reader()?;
    }
    if resume {
        // The link is from a mail that was read.
        state.mail.reached(subscriber).await.for_reader()?;
    }
    Ok(Ok(()))
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
        rhythm: DigestSchedule { zone, hour, days },
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

/// What stands in the form.
struct Form {
    /// What holds.
    stored: Subscriber,
    /// What stands in the fields.
    shown: Subscriber,
    lists: Vec<ListField>,
    /// The views that are shown.
    ids: Vec<i64>,
    added: String,
    waiting: Vec<String>,
    done: Option<String>,
    wrong: Option<String>,
}

impl Form {
    /// As it is stored.
    async fn stored(state: &AppState, stored: Subscriber) -> Result<Self, AppError> {
        let sections = state.store.searches_of(stored.id).await.for_reader()?;
        let (waiting, kept): (Vec<_>, Vec<_>) = sections.into_iter().partition(|section| section.is_pending);
        let ids = kept.iter().map(|section| section.view_id).collect();
        let lists = kept
            .into_iter()
            .map(|section| ListField {
                address: section.view.path(),
                words: section.view.label(),
                name: section.name.unwrap_or_default(),
                dropped: false,
            })
            .collect();
        Ok(Self {
            shown: stored.clone(),
            stored,
            lists,
            ids,
            added: String::new(),
            waiting: waiting.into_iter().map(|section| section.view.label()).collect(),
            done: None,
            wrong: None,
        })
    }

    /// As it was typed, to be mended.
    async fn typed(state: &AppState, stored: Subscriber, sent: &Sent) -> Result<Self, AppError> {
        let form = Self::stored(state, stored).await?;
        Ok(Self {
            shown: Subscriber {
                days: sent.days().map_or(0, Days::bits),
                hour: sent
                    .said("hour")
                    .and_then(|hour| hour.parse().ok())
                    .unwrap_or(form.stored.hour),
                zone: sent.said("zone").unwrap_or_default().chars().take(64).collect(),
                papers: sent
                    .said("papers")
                    .and_then(|papers| papers.parse().ok())
                    .unwrap_or(form.stored.papers),
                ..form.stored.clone()
            },
            lists: sent.lists().and_then(Result::ok).unwrap_or(form.lists),
            added: sent
                .said("list-new")
                .unwrap_or_default()
                .chars()
                .take(2_500)
                .collect(),
            ..form
        })
    }

    fn saying(self, done: Option<String>, wrong: Option<String>) -> Self {
        Self { done, wrong, ..self }
    }

    async fn page(self, state: &AppState, token: &str) -> Result<PreferencesState, AppError> {
        let suppression = state.mail.suppression_of(&self.stored).await.for_reader()?;
        let day_of = |at: i64| {
            let zone = TimeZone::get(&self.stored.zone).unwrap_or(TimeZone::UTC);
            Some(Timestamp::from_second(at).ok()?.to_zoned_datetime(zone).date())
        };
        Ok(PreferencesState::Form(Box::new(PreferencesForm {
            words: self.stored.schedule().label(),
            next: self.stored.due_at.and_then(|at| Timestamp::from_second(at).ok()),
            paused_until: self.stored.paused_until.and_then(day_of),
            action: format!("/preferences/{token}"),
            subscriber: self.shown,
            lists: self.lists,
            shown: self
                .ids
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" "),
            added: self.added,
            waiting: self.waiting,
            suppressed: suppression.map(|suppression| suppressed_words(&suppression)),
            done: self.done,
            wrong: self.wrong,
        })))
    }
}

async fn show(state: &AppState, visitor: &Visitor, page: PreferencesState) -> Response {
    let status = match &page {
        PreferencesState::Unknown => StatusCode::NOT_FOUND,
        PreferencesState::Form(form) if form.wrong.is_some() => StatusCode::UNPROCESSABLE_ENTITY,
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

/// `GET /preferences/{token}/views.opml`: the lists for a feed reader.
pub async fn opml(State(state): State<AppState>, Path(token): Path<String>, request: Parts) -> Response {
    let sections = async {
        let Some(subscriber) = found(&state, &token).await? else {
            return Ok(None);
        };
        state
            .store
            .active_searches_of(subscriber.id)
            .await
            .for_reader()
            .map(Some)
    };
    file(&state, &request, sections.await, |sections| {
        searches::opml_file(&state, sections)
    })
    .await
}

/// A file of what a link opens; else the page that says why there is none.
async fn file<T>(
    state: &AppState,
    request: &Parts,
    found: Result<Option<T>, AppError>,
    write: impl FnOnce(T) -> Response,
) -> Response {
    match found {
        Ok(Some(found)) => write(found),
        Ok(None) => {
            let visitor = Visitor::of(state, request).await;
            show(state, &visitor, PreferencesState::Unknown).await
        }
        Err(error) => {
            let visitor = Visitor::of(state, request).await;
            failed(state, &visitor, error).await
        }
    }
}

/// `GET /preferences/{token}/data.json`: everything that is stored about the subscriber.
pub async fn data(State(state): State<AppState>, Path(token): Path<String>, request: Parts) -> Response {
    let stored = async {
        let Some(subscriber) = found(&state, &token).await? else {
            return Ok(None);
        };
        let letters = state.store.emails_of(subscriber.id).await.for_reader()?;
        let sections = state.store.searches_of(subscriber.id).await.for_reader()?;
        let lists: Vec<_> = sections
            .iter()
            .map(|section| {
                serde_json::json!({
                    "url": format!("{}{}", state.mail.public_url, section.view.path()),
                    "words": section.view.label(),
                    "name": section.name,
                    "waits_to_be_confirmed": section.is_pending,
                })
            })
            .collect();
        let suppression = state.mail.suppression_of(&subscriber).await.for_reader()?;
        let day = |at: Option<i64>| at.and_then(|at| Timestamp::from_second(at).ok());
        Ok(Some(serde_json::json!({
            "email": subscriber.email,
            "state": subscriber.state,
            "zone": subscriber.zone,
            "hour": subscriber.hour,
            "days": subscriber.schedule().days.label(),
            "papers": subscriber.papers,
            "paused_until": day(subscriber.paused_until),
            "next_mail": day(subscriber.due_at),
            "lists": lists,
            "not_written_to": suppression.map(|suppression| suppressed_words(&suppression)),
            "letters": letters,
        })))
    };
    file(&state, &request, stored.await, |data| {
        (
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
            .into_response()
    })
    .await
}
