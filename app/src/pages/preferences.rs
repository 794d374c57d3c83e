//! When a subscriber's mail comes, how much is in it, and the way out: opened by a link in every mail, without a
//! password.

use backend::store::Subscriber;
use domain::{Days, rhythm::name};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub enum PreferencesState {
    /// The forms.
    Form {
        /// What stands in the fields.
        subscriber: Box<Subscriber>,
        /// When the mail comes, as stored, in words.
        words: String,
        /// When the next mail comes, if one does.
        next: Option<Timestamp>,
        /// The day on which a pause ends.
        paused_until: Option<Date>,
        /// Where the forms post.
        action: String,
        /// What has just been done, in words.
        done: Option<String>,
        /// What was wrong with what was sent.
        wrong: Option<String>,
    },
    /// Everything is deleted.
    Forgotten,
    /// No such link.
    Unknown,
}

/// The page.
#[component]
pub fn PreferencesPage(state: PreferencesState) -> impl IntoView {
    let inner = match state {
        PreferencesState::Unknown => view! {
            <h1>"This link does not work"</h1>
            <p>"It may have been cut by the mail program, or what it led to was deleted. Every mail has a link of its own; "<a href="/subscribe">"or subscribe anew"</a>"."</p>
        }
        .into_any(),
        PreferencesState::Forgotten => view! {
            <h1>"Deleted"</h1>
            <p role="status">"Your address, your choices and the list of what was sent to you are gone. No more mail will come."</p>
            <p class="small"><a href="/">"Back to the papers"</a></p>
        }
        .into_any(),
        PreferencesState::Form {
            subscriber,
            words,
            next, paused_until, action, done, wrong } => {
            let rhythm = subscriber.rhythm();
            let chosen = Days::of_bits(subscriber.days);
            let active = subscriber.is_active();
            let hours = (0..24)
                .map(|hour| view! { <option value=hour.to_string() selected={hour == i64::from(rhythm.hour)}>{format!("{hour:02}:00")}</option> })
                .collect_view();
            let days = Days::WEEK
                .into_iter()
                .map(|day| view! {
                    <li><label><input type="checkbox" name="day" value=name(day) checked={chosen.is_some_and(|days| days.has(day))}/>" "{name(day)}</label></li>
                })
                .collect_view();
            let sizes = [5, 10, 20]
                .map(|size| view! {
                    <li><label><input type="radio" name="papers" value=size.to_string() checked={size == subscriber.papers}/>{format!(" at most {size}")}</label></li>
                })
                .collect_view();
            let status = match (active, next) {
                (false, _) if subscriber.state == "pending" => "No mail comes until the address is confirmed: press the button in the mail we sent.".to_owned(),
                (false, _) => "No mail comes: the subscription has been ended.".to_owned(),
                (true, Some(at)) => format!("The next mail comes on {} UTC, if there is news.", at.strftime("%A %-d %B %Y, %H:%M")),
                (true, None) => "The next mail comes when there is news.".to_owned(),
            };
            let data = format!("{action}/data.json");
            view! {
                <h1>"Your mail"</h1>
                <p>"To "<b>{subscriber.email.clone()}</b>{format!(", {words}. {status}")}</p>
                {done.map(|words| view! { <p class="said" role="status">{words}</p> })}
                {wrong.map(|words| view! { <p class="wrong" role="alert">{words}</p> })}
                <form class="preferences" method="post" action=action.clone()>
                    <fieldset><legend>"Days"</legend><ul>{days}</ul></fieldset>
                    <p><label for="hour">"Hour"</label><select id="hour" name="hour">{hours}</select></p>
                    <p><label for="zone">"Time zone"</label><input id="zone" name="zone" value=rhythm.zone.clone() autocomplete="off" spellcheck="false" aria-describedby="zone-hint"/></p>
                    <p class="hint" id="zone-hint">"By its IANA name, such as Europe/Paris or America/New_York."</p>
                    <fieldset><legend>"Papers in one mail"</legend><ul>{sizes}</ul></fieldset>
                    <p><label for="pause">"No mail before"</label><input id="pause" name="pause" type="date" value=paused_until.map(|day| day.to_string())/></p>
                    <p class="row"><button class="act" name="do" value="save">"Save"</button>
                        {(subscriber.state == "stopped").then(|| view! { <button name="do" value="resume">"Save and turn it on again"</button> })}</p>
                </form>
                <section class="panel" aria-labelledby="ways-out">
                    <h2 class="caps" id="ways-out">"Stop, take along, delete"</h2>
                    {active.then(|| view! {
                        <form class="one" method="post" action=action.clone()><button name="do" value="stop">"Unsubscribe"</button></form>
                    })}
                    <p><a href=data download="broadsheet-subscription.json">"Your choices and every letter, as a file"</a></p>
                    <form class="one" method="post" action=action.clone()><button name="do" value="delete">"Delete all of it now"</button></form>
                </section>
            }
            .into_any()
        }
    };
    view! { <main id="main" tabindex="-1"><div class="letter">{inner}</div></main> }
}
