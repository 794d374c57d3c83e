//! The form of `/preferences/{token}`: reading what was submitted, and what the form shows.

use app::{
    AppError,
    context::ForReader,
    pages::{PreferencesForm, PreferencesState, SearchField, suppression_notice},
};
use domain::{
    Days, DigestSchedule, ListingQuery,
    digest_schedule::name,
    edition::parse_date,
    listing_query::{NamedListing, search_name},
};
use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use mail::{
    schedule::valid_zone,
    subscriptions::{ChosenSearches, PAPERS_PER_SEARCH, PreferencesChange},
};
use store::{MAX_SEARCHES_PER_EMAIL, Preferences, Subscriber};

use crate::state::AppState;

/// The longest pause, in seconds: a year.
const MAX_PAUSE_SECONDS: i64 = 367 * 86_400;
/// Characters of an invalid search that the form shows again.
const MAX_SHOWN_CHARS: usize = 2_500;
/// Some fields are missing: the connection broke, or a program built the form.
pub(super) const INCOMPLETE: &str = "The form arrived incomplete. Nothing was changed.";

/// The fields of a submitted form.
pub(super) struct Submitted(Vec<(String, String)>);

impl Submitted {
    /// Reads the body of a request.
    pub(super) fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first field with this name, without white space around it.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.trim())
    }

    /// What the form asks for. The error is for the reader.
    pub(super) fn change(&self, resume: bool, now: Timestamp) -> Result<PreferencesChange, String> {
        let preferences = self.preferences(now)?;
        let searches = self.searches().transpose()?;
        Ok(PreferencesChange {
            preferences,
            searches: searches.map(|searches| ChosenSearches {
                searches,
                shown: self.shown(),
            }),
            resume,
        })
    }

    fn preferences(&self, now: Timestamp) -> Result<Preferences, String> {
        let days = self
            .days()
            .ok_or("Choose at least one day. To get no email at all, unsubscribe.")?;
        let hour = self
            .field("hour")
            .and_then(|hour| hour.parse().ok())
            .filter(|hour| (0..24).contains(hour))
            .ok_or("The hour must be a number from 0 to 23.")?;
        let typed = self.field("zone").unwrap_or_default();
        let zone = valid_zone(typed)
            .ok_or_else(|| {
                let typed: String = typed.chars().take(64).collect();
                format!("“{typed}” isn’t a valid time zone. Use an IANA name such as Europe/Paris.")
            })?
            .to_owned();
        let papers = self
            .field("papers")
            .and_then(|papers| papers.parse().ok())
            .filter(|papers| PAPERS_PER_SEARCH.contains(papers))
            .ok_or("The number of papers must be 5, 10 or 20.")?;
        let paused_until = match self.field("pause").filter(|pause| !pause.is_empty()) {
            None => None,
            Some(day) => Some(
                parse_date(day)
                    .and_then(|day| midnight(day, &zone))
                    .filter(|at| (0..MAX_PAUSE_SECONDS).contains(&(at - now.as_second() + 86_400)))
                    .ok_or("The pause must end within a year. Write the day as 2026-12-31.")?,
            ),
        };
        Ok(Preferences {
            schedule: DigestSchedule { zone, hour, days },
            papers,
            paused_until,
        })
    }

    fn days(&self) -> Option<Days> {
        let days = self
            .0
            .iter()
            .filter(|(field, _)| field == "day")
            .filter_map(|(_, value)| Days::WEEK.into_iter().find(|day| name(*day) == value));
        Days::of(days)
    }

    /// The searches as they were typed; `None` if the form has no fields for searches. An error if some are missing.
    fn search_fields(&self) -> Option<Result<Vec<SearchField>, String>> {
        self.field("list-new")?;
        let submitted = self
            .0
            .iter()
            .filter(|(name, _)| name.starts_with("list-"))
            .count()
            - 1;
        let expected = self.field("lists").and_then(|count| count.parse::<usize>().ok());
        let fields: Vec<SearchField> = (0..submitted)
            .map_while(|n| {
                let url = self.field(&format!("list-{n}"))?.to_owned();
                Some(SearchField {
                    label: ListingQuery::parse(&url)
                        .map(|search| search.label())
                        .unwrap_or_default(),
                    name: self.field(&format!("name-{n}")).unwrap_or_default().to_owned(),
                    is_removed: self.field(&format!("drop-{n}")).is_some(),
                    url,
                })
            })
            .collect();
        let is_complete = fields.len() == submitted && expected.is_none_or(|expected| expected == submitted);
        Some(if is_complete {
            Ok(fields)
        } else {
            Err(INCOMPLETE.to_owned())
        })
    }

    /// The chosen searches; `None` if the form has no fields for searches. The error is for the reader.
    fn searches(&self) -> Option<Result<Vec<NamedListing>, String>> {
        let fields = self.search_fields()?;
        Some(fields.and_then(|fields| self.chosen(fields)))
    }

    fn chosen(&self, mut fields: Vec<SearchField>) -> Result<Vec<NamedListing>, String> {
        if let Some(added) = self.field("list-new").filter(|added| !added.is_empty()) {
            fields.push(SearchField {
                url: added.to_owned(),
                ..SearchField::default()
            });
        }
        let mut searches: Vec<NamedListing> = Vec::new();
        for field in fields.into_iter().filter(|field| !field.is_removed) {
            let search = ListingQuery::parse(&field.url).map_err(|error| error.to_string())?;
            if !searches.iter().any(|known| known.view.query() == search.query()) {
                searches.push(NamedListing {
                    name: search_name(&field.name),
                    view: search,
                });
            }
        }
        match searches.len() {
            0 => Err("Keep at least one search. To get no email at all, unsubscribe.".to_owned()),
            n if n > MAX_SEARCHES_PER_EMAIL => Err(format!(
                "One email has at most {MAX_SEARCHES_PER_EMAIL} searches."
            )),
            _ => Ok(searches),
        }
    }

    /// Row ids of the searches that the form showed; `None` if it does not say.
    fn shown(&self) -> Option<Vec<i64>> {
        let shown = self.field("shown")?;
        Some(shown.split(' ').filter_map(|id| id.parse().ok()).collect())
    }
}

/// The beginning of a day in a time zone, Unix seconds.
fn midnight(day: Date, zone: &str) -> Option<i64> {
    let zone = TimeZone::get(zone).ok()?;
    let at = day.to_datetime(Time::midnight()).to_zoned_datetime(zone).ok()?;
    Some(at.timestamp().as_second())
}

/// What the form shows.
pub(super) struct Form {
    /// What is stored.
    stored: Subscriber,
    /// What is in the fields.
    fields: Subscriber,
    searches: Vec<SearchField>,
    /// Row ids of the active searches.
    ids: Vec<i64>,
    /// What was typed to add a search.
    added: String,
    /// Labels of the searches that wait for confirmation.
    pending: Vec<String>,
    done: Option<String>,
    wrong: Option<String>,
}

impl Form {
    /// The form with what is stored.
    pub(super) async fn stored(state: &AppState, stored: Subscriber) -> Result<Self, AppError> {
        let searches = state.store.searches_of(stored.id).await.for_reader()?;
        let (pending, active): (Vec<_>, Vec<_>) = searches.into_iter().partition(|search| search.is_pending);
        let ids = active.iter().map(|search| search.view_id).collect();
        let searches = active
            .into_iter()
            .map(|search| SearchField {
                url: search.view.path(),
                label: search.view.label(),
                name: search.name.unwrap_or_default(),
                is_removed: false,
            })
            .collect();
        Ok(Self {
            fields: stored.clone(),
            stored,
            searches,
            ids,
            added: String::new(),
            pending: pending.into_iter().map(|search| search.view.label()).collect(),
            done: None,
            wrong: None,
        })
    }

    /// The form with what was submitted, to be corrected.
    pub(super) async fn submitted(
        state: &AppState,
        stored: Subscriber,
        submitted: &Submitted,
    ) -> Result<Self, AppError> {
        let form = Self::stored(state, stored).await?;
        let number = |name: &str| submitted.field(name).and_then(|value| value.parse().ok());
        let text = |name: &str, max: usize| {
            submitted
                .field(name)
                .unwrap_or_default()
                .chars()
                .take(max)
                .collect::<String>()
        };
        Ok(Self {
            fields: Subscriber {
                days: submitted.days().map_or(0, Days::bits),
                hour: number("hour").unwrap_or(form.stored.hour),
                zone: text("zone", 64),
                papers: number("papers").unwrap_or(form.stored.papers),
                ..form.stored.clone()
            },
            searches: submitted
                .search_fields()
                .and_then(Result::ok)
                .unwrap_or(form.searches),
            added: text("list-new", MAX_SHOWN_CHARS),
            ..form
        })
    }

    /// With what was done, in words.
    pub(super) fn with_success(self, done: &str) -> Self {
        Self {
            done: Some(done.to_owned()),
            ..self
        }
    }

    /// With what is wrong, in words.
    pub(super) fn with_error(self, wrong: String) -> Self {
        Self {
            wrong: Some(wrong),
            ..self
        }
    }

    /// The page of the form.
    pub(super) async fn page(self, state: &AppState, token: &str) -> Result<PreferencesState, AppError> {
        let suppression = state.mail.suppression_of(&self.stored).await.for_reader()?;
        let day_of = |at: i64| {
            let zone = TimeZone::get(&self.stored.zone).unwrap_or(TimeZone::UTC);
            Some(Timestamp::from_second(at).ok()?.to_zoned_datetime(zone).date())
        };
        Ok(PreferencesState::Form(Box::new(PreferencesForm {
            schedule: self.stored.schedule().label(),
            next: self.stored.due_at.and_then(|at| Timestamp::from_second(at).ok()),
            paused_until: self.stored.paused_until.and_then(day_of),
            action: format!("/preferences/{token}"),
            subscriber: self.fields,
            searches: self.searches,
            shown: self
                .ids
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" "),
            added: self.added,
            pending: self.pending,
            suppressed: suppression.map(|suppression| suppression_notice(&suppression)),
            done: self.done,
            wrong: self.wrong,
        })))
    }
}
