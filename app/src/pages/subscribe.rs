//! Asking for a list by mail.

use domain::Suppression;
use domain::{Days, DigestSchedule, EmailAddress, ListingQuery, digest_schedule::name, paper::PaperCard};
use leptos::prelude::*;
use mail::digest::valid_zone;
use store::SubscriptionRequest;

use crate::{components::title_text, links};

/// The form as it was filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubscribeForm {
    /// The address.
    pub email: String,
    /// The query of the list; empty: the front page.
    pub view: String,
    /// `weekdays`, `daily` or the name of a day; empty: `weekdays`.
    pub often: String,
    /// 0 to 23; empty: 8.
    pub hour: String,
    /// IANA name; empty: UTC.
    pub zone: String,
    /// 5, 10 or 20; empty: 10.
    pub papers: String,
}

impl SubscribeForm {
    /// What is asked for. The error says what is wrong with which field.
    pub fn read(&self) -> Result<(EmailAddress, SubscriptionRequest), String> {
        let email = self
            .email
            .parse::<EmailAddress>()
            .map_err(|error| error.to_string())?;
        let view = ListingQuery::parse(&self.view).map_err(|error| error.to_string())?;
        let days = match self.often.trim() {
            "" => Days::WORKING,
            often => Days::of_word(often).ok_or("Choose how often the mail is to come.")?,
        };
        let hour = match self.hour.trim() {
            "" => 8,
            hour => hour
                .parse()
                .ok()
                .filter(|hour| (0..24).contains(hour))
                .ok_or("The hour is a number from 0 to 23.")?,
        };
        // A browser may know a zone that we do not; UTC is said on the confirmation's page and can be changed.
        let zone = valid_zone(&self.zone).unwrap_or("UTC").to_owned();
        let papers = match self.papers.trim() {
            "" => 10,
            papers => papers
                .parse()
                .ok()
                .filter(|papers| [5, 10, 20].contains(papers))
                .ok_or("A mail has 5, 10 or 20 papers of each list.")?,
        };
        let rhythm = DigestSchedule { zone, hour, days };
        Ok((email, SubscriptionRequest { view, rhythm, papers }))
    }
}

/// What has happened so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscribeState {
    /// The form is to be filled in, or mended.
    Asking {
        /// What stands in it.
        form: SubscribeForm,
        /// What is wrong with it, in words.
        why: Option<String>,
    },
    /// Nothing is sent to this address.
    Suppressed {
        /// What was asked.
        form: SubscribeForm,
        /// In words.
        why: String,
        /// It may be tried once more.
        may_try: bool,
    },
    /// The letter is on its way.
    Sent,
}

/// Why nothing is sent to an address, for its reader.
pub fn suppressed_words(suppression: &Suppression) -> String {
    let day = suppression.at.strftime("%-d %B %Y");
    if suppression.is_complaint {
        format!(
            "Nothing is sent to this address: on {day} a mail of ours was called spam there. If that was a slip, write to whoever runs this Broadsheet."
        )
    } else {
        // In our own words: those of a mail server are not for everybody who types the address.
        let said = match mail::transport::enhanced(&suppression.words) {
            Some((2, 2)) => "the mailbox is full",
            Some((2, _)) => "the mailbox takes no mail",
            Some((1, _)) => "there is no such mailbox",
            _ => "its mail server refused it for good",
        };
        format!("Nothing is sent to this address: on {day} mail to it came back, because {said}.")
    }
}

fn hidden(form: &SubscribeForm) -> impl IntoView + use<> {
    [
        ("email", &form.email),
        ("view", &form.view),
        ("often", &form.often),
        ("hour", &form.hour),
        ("zone", &form.zone),
        ("papers", &form.papers),
    ]
    .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> })
    .collect_view()
}

#[component]
fn WhenAndHowMuch(form: SubscribeForm) -> impl IntoView {
    let often = if form.often.is_empty() {
        "weekdays".to_owned()
    } else {
        form.often
    };
    let hour = if form.hour.is_empty() {
        "8".to_owned()
    } else {
        form.hour
    };
    let papers = if form.papers.is_empty() {
        "10".to_owned()
    } else {
        form.papers
    };
    let days = Days::WEEK
        .into_iter()
        .map(|day| {
            let word = name(day).to_lowercase();
            view! { <option value=word.clone() selected={word == often}>{format!("Weekly, on {}s", name(day))}</option> }
        })
        .collect_view();
    let hours = (0..24)
        .map(|n| view! { <option value=n.to_string() selected={n.to_string() == hour}>{format!("{n:02}:00")}</option> })
        .collect_view();
    let sizes = [5, 10, 20]
        .map(|n| view! { <option value=n.to_string() selected={n.to_string() == papers}>{format!("at most {n}")}</option> })
        .collect_view();
    view! {
        <details class="when">
            <summary>"When and how much"</summary>
            <p><label for="often">"How often"</label><select id="often" name="often">
                <option value="weekdays" selected={often == "weekdays"}>"Monday to Friday"</option>
                <option value="daily" selected={often == "daily"}>"Every day"</option>
                {days}
            </select></p>
            <p><label for="hour">"Hour"</label><select id="hour" name="hour">{hours}</select></p>
            <p><label for="zone">"Time zone"</label><input id="zone" name="zone" value=form.zone autocomplete="off" spellcheck="false" placeholder="UTC" aria-describedby="zone-hint"/></p>
            <p class="hint" id="zone-hint">"By its IANA name, such as Europe/Paris."</p>
            <p><label for="papers">"Papers"</label><select id="papers" name="papers">{sizes}</select></p>
        </details>
    }
    .into_any()
}

/// The form, with a preview of the next mail. `view` is the list it is about.
#[component]
pub fn SubscribePage(state: SubscribeState, view: ListingQuery, preview: Vec<PaperCard>) -> impl IntoView {
    let (form, why) = match state {
        SubscribeState::Sent => {
            return view! {
                <main id="main" tabindex="-1"><div class="letter">
                    <h1>"Check your inbox"</h1>
                    <p role="status">"If this address can be subscribed, a mail is on its way to it. Press the button it leads to, and the papers come at the hour you chose, the first ones at once if it is later than that."</p>
                    <p class="small">"Nothing there after a few minutes? Look in the spam folder, or "<a href="/subscribe">"try again"</a>" after ten."</p>
                </div></main>
            }
            .into_any();
        }
        SubscribeState::Suppressed { form, why, may_try } => {
            return view! {
                <main id="main" tabindex="-1"><div class="letter">
                    <h1>"Mail does not reach this address"</h1>
                    <p role="alert">{why}</p>
                    {may_try.then(|| view! {
                        <p>"If it works again, one more mail can be tried, once a day. Pressing the button it leads to puts everything right."</p>
                        <form class="one" method="post" action="/fn/subscribe">
                            {hidden(&form)}
                            <button class="act" name="again" value="yes">"Try this address once more"</button>
                        </form>
                    })}
                    <p class="small"><a href="/subscribe">"Use another address"</a></p>
                </div></main>
            }
            .into_any();
        }
        SubscribeState::Asking { form, why } => (form, why),
    };
    let described = if why.is_some() { "wrong hint" } else { "hint" };
    let invalid = why.is_some().then_some("true");
    let subject = preview.first().map(|card| match preview.len() {
        1 => title_text(&card.title),
        n => format!("{}, and {} more", title_text(&card.title), n - 1),
    });
    let is_empty = preview.is_empty();
    let items = preview
        .into_iter()
        .map(|card| {
            let authors = card.byline();
            view! {
                <li><p><a href=links::paper(&card.key)>{title_text(&card.title)}</a></p>
                    {(!authors.is_empty()).then(|| view! { <p>{authors}</p> })}</li>
            }
        })
        .collect_view();
    let (heading, about) = if view.is_front() {
        (
            "Trending papers, once a day".to_owned(),
            view! { <p>"At most ten papers at 08:00 where you are, Monday to Friday, none twice, nothing on a day without news. Days, hour and number can be changed by a link in every mail; one click ends it."</p> }.into_any(),
        )
    } else {
        (
            "This list by mail".to_owned(),
            view! {
                <p class="which"><a href=view.path()>{view.label()}</a></p>
                <p>"What is new in it, none twice, nothing on a day without news. Several lists come as one mail; each mail has a link to change or end them."</p>
            }
            .into_any(),
        )
    };
    view! {
        <main id="main" tabindex="-1"><div class="letter">
            <h1>{heading}</h1>
            {about}
            <form class="ask" method="post" action="/fn/subscribe">
                <label for="email">"Email address"</label>
                {why.map(|why| view! { <p class="wrong" id="wrong" role="alert">{why}</p> })}
                <input id="email" name="email" type="email" required autocomplete="email" placeholder="you@university.edu"
                    value=form.email.clone() aria-invalid=invalid aria-describedby=described/>
                <input type="hidden" name="view" value=view.query()/>
                <button class="act">"Subscribe"</button>
                <p class="hint" id="hint">"We send one mail to confirm. The address is used for nothing else."</p>
                <WhenAndHowMuch form/>
            </form>
            {is_empty.then(|| view! { <p class="small">"There is nothing in this list yet; the first mail comes when there is."</p> })}
            {subject.map(|subject| view! {
                <section class="panel" aria-labelledby="preview">
                    <h2 class="caps" id="preview">"The next mail"</h2>
                    <div class="mail">
                        <dl><dt>"From"</dt><dd>"Broadsheet"</dd><dt>"Subject"</dt><dd>{subject}</dd></dl>
                        <ol>{items}</ol>
                    </div>
                </section>
            })}
        </div></main>
    }
    .into_any()
}
