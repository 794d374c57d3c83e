//! The preferences of a subscriber: searches, schedule, length, and how to leave. A link in every email opens the
//! page, without a password.

use domain::{Days, SubscriberState, digest_schedule::name};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use leptos::prelude::*;
use mail::subscriptions::PAPERS_PER_SEARCH;
use store::Subscriber;

use crate::components::ZoneField;

/// A search in the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchField {
    /// Its path and query, or what was typed.
    pub url: String,
    /// What its owner calls it.
    pub name: String,
    /// Its label; empty if the URL is invalid.
    pub label: String,
    /// Whether it is marked to be removed.
    pub is_removed: bool,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub enum PreferencesState {
    /// The forms.
    Form(Box<PreferencesForm>),
    /// All data of the subscriber is deleted.
    Deleted,
    /// There is no such link.
    Unknown,
}

/// The content of the forms, and the lines above them.
#[derive(Debug, Clone, PartialEq)]
pub struct PreferencesForm {
    /// What is in the fields.
    pub subscriber: Subscriber,
    /// The searches in the fields.
    pub searches: Vec<SearchField>,
    /// Row ids of the active searches, sent with the form: searches that were confirmed since then must stay.
    pub shown: String,
    /// What is typed to add a search.
    pub added: String,
    /// Labels of the searches that wait for confirmation.
    pub pending: Vec<String>,
    /// Why the address gets no email.
    pub suppressed: Option<String>,
    /// The stored schedule, in words.
    pub schedule: String,
    /// When the next digest is due.
    pub next: Option<Timestamp>,
    /// The day on which a pause ends.
    pub paused_until: Option<Date>,
    /// Where the forms are posted.
    pub action: String,
    /// What was just done, in words.
    pub done: Option<String>,
    /// What was wrong with the last submission.
    pub wrong: Option<String>,
}

/// The page.
#[component]
pub fn PreferencesPage(
    /// What the page shows.
    state: PreferencesState,
) -> impl IntoView {
    let inner = match state {
        PreferencesState::Unknown => view! {
            <h1>"This link isn’t valid"</h1>
            <p>"Your mail app may have truncated it, or your data was deleted. Every email has its own link. You can also "<a href="/subscribe">"subscribe again"</a>"."</p>
        }
        .into_any(),
        PreferencesState::Deleted => view! {
            <h1>"Deleted"</h1>
            <p role="status">"Your address, your preferences and the record of your emails are gone. You will get no more emails."</p>
            <p class="small"><a href="/">"Back to the papers"</a></p>
        }
        .into_any(),
        PreferencesState::Form(form) => view! { <Forms form=*form/> }.into_any(),
    };
    view! { <main id="main" tabindex="-1"><div class="letter">{inner}</div></main> }
}

/// All forms of the page.
#[component]
fn Forms(form: PreferencesForm) -> impl IntoView {
    let status = status(&form.subscriber, form.next);
    let is_active = form.subscriber.is_active();
    let is_stopped = form.subscriber.state == SubscriberState::Stopped;
    let action = form.action.clone();
    view! {
        <h1>"Email preferences"</h1>
        <p>"Digest for "<b>{form.subscriber.email.clone()}</b>{format!(": {}. {status}", form.schedule)}</p>
        {form.done.map(|words| view! { <p class="said" role="status">{words}</p> })}
        {form.wrong.map(|words| view! { <p class="wrong" role="alert">{words}</p> })}
        {form.suppressed.map(|words| view! { <p class="wrong">{words}</p> })}
        <form class="preferences" method="post" action=action.clone()>
            <SearchFields searches=form.searches shown=form.shown added=form.added pending=form.pending/>
            <ScheduleFields subscriber=form.subscriber paused_until=form.paused_until/>
            <p class="row"><button class="act" name="do" value="save">"Save"</button>
                {is_stopped.then(|| view! { <button name="do" value="resume">"Save and resubscribe"</button> })}</p>
        </form>
        <WaysOut action is_active/>
    }
    .into_any()
}

/// Whether and when the next digest is sent.
fn status(subscriber: &Subscriber, next: Option<Timestamp>) -> String {
    match (subscriber.state, next) {
        (SubscriberState::Pending, _) => {
            "This address isn’t confirmed yet. Click the link in the email we sent.".to_owned()
        }
        (SubscriberState::Stopped, _) => "You’re unsubscribed.".to_owned(),
        (SubscriberState::Active, Some(at)) => {
            // The clock of the schedule: one sentence must not name two.
            let zone = TimeZone::get(&subscriber.zone).unwrap_or(TimeZone::UTC);
            let at = at.to_zoned_datetime(zone);
            format!(
                "The next email is due on {}, if there are new papers.",
                at.strftime("%A %-d %B %Y at %H:%M")
            )
        }
        (SubscriberState::Active, None) => "The next email is sent when there are new papers.".to_owned(),
    }
}

/// The fields of all searches.
#[component]
fn SearchFields(
    searches: Vec<SearchField>,
    shown: String,
    added: String,
    pending: Vec<String>,
) -> impl IntoView {
    let count = searches.len().to_string();
    let rows = searches
        .into_iter()
        .enumerate()
        .map(|(n, search)| view! { <SearchRow n search/> })
        .collect_view();
    let pending = (!pending.is_empty()).then(|| {
        view! {
            <p class="hint">{format!("Not confirmed yet: {}. Click the link in the email we sent.", pending.join("; "))}</p>
        }
    });
    view! {
        <fieldset class="views"><legend>"Searches"</legend>
            <input type="hidden" name="lists" value=count/>
            <input type="hidden" name="shown" value=shown/>
            <ol>{rows}</ol>
            {pending}
            <p><label for="list-new">"Add a search"</label><input id="list-new" name="list-new" value=added autocomplete="off" spellcheck="false" aria-describedby="list-hint"/></p>
            <p class="hint" id="list-hint">"Paste the URL of any list or search on this site. The email has a section for each search, in this order."</p>
        </fieldset>
    }
    .into_any()
}

/// The fields of one search.
#[component]
fn SearchRow(n: usize, search: SearchField) -> impl IntoView {
    let [url, name, removed] = ["list", "name", "drop"].map(|field| format!("{field}-{n}"));
    let label = if search.label.is_empty() {
        "This search".to_owned()
    } else {
        search.label
    };
    view! {
        <li>
            <p class="which">{label}</p>
            <p><label for=url.clone()>"Search URL"</label><input id=url.clone() name=url value=search.url autocomplete="off" spellcheck="false"/></p>
            <p><label for=name.clone()>"Name"</label><input id=name.clone() name=name value=search.name autocomplete="off" maxlength="60"/></p>
            <label class="tick"><input type="checkbox" name=removed value="yes" checked=search.is_removed/>" Remove this search"</label>
        </li>
    }
    .into_any()
}

/// The fields of the schedule, the length and the pause.
#[component]
fn ScheduleFields(subscriber: Subscriber, paused_until: Option<Date>) -> impl IntoView {
    let schedule = subscriber.schedule();
    let chosen = Days::of_bits(subscriber.days);
    let hours = (0..24)
        .map(|hour| view! { <option value=hour.to_string() selected={hour == i64::from(schedule.hour)}>{format!("{hour:02}:00")}</option> })
        .collect_view();
    let days = Days::WEEK
        .into_iter()
        .map(|day| view! {
            <li><label><input type="checkbox" name="day" value=name(day) checked={chosen.is_some_and(|days| days.has(day))}/>" "{name(day)}</label></li>
        })
        .collect_view();
    let lengths = PAPERS_PER_SEARCH
        .map(|papers| view! {
            <li><label><input type="radio" name="papers" value=papers.to_string() checked={papers == subscriber.papers}/>{format!(" Up to {papers}")}</label></li>
        })
        .collect_view();
    view! {
        <fieldset><legend>"Days"</legend><ul>{days}</ul><p class="hint">"Choose one day for a weekly email."</p></fieldset>
        <p><label for="hour">"Hour"</label><select id="hour" name="hour">{hours}</select></p>
        <ZoneField zone=schedule.zone/>
        <fieldset><legend>"Papers per search"</legend><ul>{lengths}</ul></fieldset>
        <p><label for="pause">"Pause until"</label><input id="pause" name="pause" type="date" value=paused_until.map(|day| day.to_string())/></p>
    }
    .into_any()
}

/// How to leave, and how to get or delete the data.
#[component]
fn WaysOut(action: String, is_active: bool) -> impl IntoView {
    let opml = format!("{action}/views.opml");
    let data = format!("{action}/data.json");
    view! {
        <section class="panel" aria-labelledby="ways-out">
            <h2 class="caps" id="ways-out">"Unsubscribe, export, delete"</h2>
            {is_active.then(|| view! {
                <form class="one" method="post" action=action.clone()><button name="do" value="stop">"Unsubscribe"</button></form>
            })}
            <p><a href=opml download="broadsheet.opml">"My searches for a feed reader (OPML)"</a></p>
            <p><a href=data download="broadsheet-subscription.json">"Download my data (JSON)"</a></p>
            <details>
                <summary>"Delete my data"</summary>
                <p>"This deletes your address, your searches and the record of your emails. It cannot be undone."</p>
                <form class="one" method="post" action=action.clone()><button name="do" value="delete">"Delete everything now"</button></form>
            </details>
        </section>
    }
    .into_any()
}
