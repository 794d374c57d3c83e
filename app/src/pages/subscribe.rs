//! The page for subscribing to a search.

use domain::{
    Days, DigestSchedule, EmailAddress, ListingQuery, Suppression, digest_schedule::name, paper::PaperCard,
};
use formats::plain_title;
use leptos::prelude::*;
use mail::{
    compose::digest_subject, schedule::valid_zone, status::rejection_label, subscriptions::PAPERS_PER_SEARCH,
};
use store::SubscriptionRequest;

use crate::{components::ZoneField, links};

/// The form as it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubscribeForm {
    /// The address.
    pub email: String,
    /// The query of the search. Empty means the front page.
    pub view: String,
    /// `weekdays`, `daily` or the name of a day. Empty means `weekdays`.
    pub often: String,
    /// 0 to 23. Empty means 8.
    pub hour: String,
    /// IANA name. Empty means UTC.
    pub zone: String,
    /// 5, 10 or 20. Empty means 10.
    pub papers: String,
}

impl SubscribeForm {
    /// What the form asks for. The error is for the reader.
    pub fn read(&self) -> Result<(EmailAddress, SubscriptionRequest), String> {
        let email = self
            .email
            .parse::<EmailAddress>()
            .map_err(|error| error.to_string())?;
        let view = ListingQuery::parse(&self.view).map_err(|error| error.to_string())?;
        let days = match self.often.trim() {
            "" => Days::WORKING,
            often => Days::from_code(often).ok_or("Choose how often to get the email.")?,
        };
        let hour = match self.hour.trim() {
            "" => 8,
            hour => hour
                .parse()
                .ok()
                .filter(|hour| (0..24).contains(hour))
                .ok_or("The hour must be a number from 0 to 23.")?,
        };
        // A browser may report a zone that the server does not know. The confirmation page shows UTC then.
        let zone = valid_zone(&self.zone).unwrap_or("UTC").to_owned();
        let papers = match self.papers.trim() {
            "" => 10,
            papers => papers
                .parse()
                .ok()
                .filter(|papers| PAPERS_PER_SEARCH.contains(papers))
                .ok_or("The number of papers must be 5, 10 or 20.")?,
        };
        let schedule = DigestSchedule { zone, hour, days };
        Ok((
            email,
            SubscriptionRequest {
                view,
                schedule,
                papers,
            },
        ))
    }
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscribeState {
    /// The form, to be filled in or corrected.
    Asking {
        /// What is in its fields.
        form: SubscribeForm,
        /// What is wrong with them, in words.
        why: Option<String>,
    },
    /// The address gets no email.
    Suppressed {
        /// What was submitted.
        form: SubscribeForm,
        /// Why, in words.
        why: String,
        /// Whether one more email may be sent.
        may_try: bool,
    },
    /// The form was accepted.
    Sent,
}

/// Why an address gets no email, for its owner.
pub fn suppression_notice(suppression: &Suppression) -> String {
    let day = suppression.at.strftime("%-d %B %Y");
    if suppression.is_complaint {
        format!(
            "We don’t email this address: on {day} one of our emails was reported as spam. If that was a mistake, contact the operator of this site."
        )
    } else {
        let reason = rejection_label(&suppression.words);
        format!("We don’t email this address: on {day} an email bounced, because {reason}.")
    }
}

/// The page.
#[component]
pub fn SubscribePage(
    /// What the page shows.
    state: SubscribeState,
    /// The search that the form is about.
    search: ListingQuery,
    /// The papers of the next email.
    preview: Vec<PaperCard>,
) -> impl IntoView {
    let inner = match state {
        SubscribeState::Sent => view! {
            <h1>"Check your inbox"</h1>
            <p role="status">"We’ve sent a confirmation email if this address can be subscribed. Click its link to start."</p>
            <p class="small">"If you asked in the last ten minutes, use the email that you already have. Its link confirms all your searches."</p>
            <p class="small">"Nothing after a few minutes? Check spam, or "<a href="/subscribe">"try again"</a>" in ten minutes."</p>
        }
        .into_any(),
        SubscribeState::Suppressed { form, why, may_try } => view! {
            <h1>"Emails to this address bounce"</h1>
            <p role="alert">{why}</p>
            {may_try.then(|| view! { <TryAgain form/> })}
            <p class="small"><a href="/subscribe">"Use another address"</a></p>
        }
        .into_any(),
        SubscribeState::Asking { form, why } => view! { <Asking form why search preview/> }.into_any(),
    };
    view! { <main id="main" tabindex="-1"><div class="letter">{inner}</div></main> }
}

/// Submits the same form again, so that a suppressed address gets one more email.
#[component]
fn TryAgain(form: SubscribeForm) -> impl IntoView {
    let fields = [
        ("email", form.email),
        ("view", form.view),
        ("often", form.often),
        ("hour", form.hour),
        ("zone", form.zone),
        ("papers", form.papers),
    ]
    .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
    .collect_view();
    view! {
        <p>"You can request one test email per day. Its confirmation link removes the block."</p>
        <form class="one" method="post" action="/fn/subscribe">
            {fields}
            <button class="act" name="again" value="yes">"Send a test email"</button>
        </form>
    }
    .into_any()
}

/// The form, and the preview below it.
#[component]
fn Asking(
    form: SubscribeForm,
    why: Option<String>,
    search: ListingQuery,
    preview: Vec<PaperCard>,
) -> impl IntoView {
    let described = if why.is_some() { "wrong hint" } else { "hint" };
    let invalid = why.is_some().then_some("true");
    view! {
        {introduction(&search)}
        <form class="ask" method="post" action="/fn/subscribe">
            <label for="email">"Email address"</label>
            {why.map(|why| view! { <p class="wrong" id="wrong" role="alert">{why}</p> })}
            // Not `type="email"`: a browser would reject a pasted `Ada <ada@example.org>`, which the server accepts.
            <input id="email" name="email" inputmode="email" required autocomplete="email" autocapitalize="none"
                spellcheck="false" placeholder="you@university.edu" value=form.email.clone()
                aria-invalid=invalid aria-describedby=described/>
            <input type="hidden" name="view" value=search.query()/>
            <button class="act">"Subscribe"</button>
            <p class="hint" id="hint">"We’ll send a confirmation email. Your address isn’t used for anything else."</p>
            <ScheduleAndLength form/>
        </form>
        <Preview search cards=preview/>
    }
    .into_any()
}

/// What is sent, and when.
fn introduction(search: &ListingQuery) -> AnyView {
    if search.is_front() {
        view! {
            <h1>"The daily digest"</h1>
            <p>"Up to ten papers at 08:00 your time, Monday to Friday. No repeats, and no email when there’s nothing new. Change the schedule or unsubscribe from any email."</p>
        }
        .into_any()
    } else {
        view! {
            <h1>"Subscribe to this search"</h1>
            <p class="which"><a href=search.path()>{search.label()}</a></p>
            <p>"New papers only, no repeats. Several searches arrive as one email. Change the schedule or unsubscribe from any email."</p>
        }
        .into_any()
    }
}

/// The fields with a usual value, folded away.
#[component]
fn ScheduleAndLength(form: SubscribeForm) -> impl IntoView {
    let or = |value: String, usual: &str| if value.is_empty() { usual.to_owned() } else { value };
    let often = or(form.often, "weekdays");
    let hour = or(form.hour, "8");
    let papers = or(form.papers, "10");
    let days = Days::WEEK
        .into_iter()
        .map(|day| {
            let code = name(day).to_lowercase();
            view! { <option value=code.clone() selected={code == often}>{format!("Weekly, on {}s", name(day))}</option> }
        })
        .collect_view();
    let hours = (0..24)
        .map(|n| view! { <option value=n.to_string() selected={n.to_string() == hour}>{format!("{n:02}:00")}</option> })
        .collect_view();
    let lengths = PAPERS_PER_SEARCH
        .map(|n| view! { <option value=n.to_string() selected={n.to_string() == papers}>{format!("Up to {n}")}</option> })
        .collect_view();
    view! {
        <details class="when">
            <summary>"Schedule and length"</summary>
            <p><label for="often">"How often"</label><select id="often" name="often">
                <option value="weekdays" selected={often == "weekdays"}>"Monday to Friday"</option>
                <option value="daily" selected={often == "daily"}>"Every day"</option>
                {days}
            </select></p>
            <p><label for="hour">"Hour"</label><select id="hour" name="hour">{hours}</select></p>
            <ZoneField zone=form.zone/>
            <p><label for="papers">"Papers"</label><select id="papers" name="papers">{lengths}</select></p>
        </details>
    }
    .into_any()
}

/// The next email: its subject and its papers.
#[component]
fn Preview(search: ListingQuery, cards: Vec<PaperCard>) -> impl IntoView {
    let Some(first) = cards.first() else {
        let why = if search.listing().order().sends_only_news() {
            "This search has found nothing new in the last week. The first email is sent when it does."
        } else {
            "There are no papers in this search yet. The first email is sent when there are."
        };
        return view! { <p class="small">{why}</p> }.into_any();
    };
    let subject = digest_subject(&plain_title(first), cards.len());
    let items = cards
        .into_iter()
        .map(|card| {
            let authors = card.byline();
            view! {
                <li><p><a href=links::paper(&card.key)>{plain_title(&card).into_owned()}</a></p>
                    {(!authors.is_empty()).then(|| view! { <p>{authors}</p> })}</li>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="preview">
            <h2 class="caps" id="preview">"Preview"</h2>
            <div class="mail">
                <dl><dt>"From"</dt><dd>"Broadsheet"</dd><dt>"Subject"</dt><dd>{subject}</dd></dl>
                <ol>{items}</ol>
            </div>
        </section>
    }
    .into_any()
}
