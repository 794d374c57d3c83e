//! When a subscriber's mail comes, how much is in it, and the way out: opened by a link in every mail, without a
//! password.

use domain::{Days, digest_schedule::name};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;
use store::Subscriber;

/// A list as it stands in the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListField {
    /// Its address: path and query, or what was typed.
    pub address: String,
    /// What its reader calls it.
    pub name: String,
    /// In words; empty while it cannot be read.
    pub words: String,
    /// To be let go.
    pub dropped: bool,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub enum PreferencesState {
    /// The forms.
    Form(Box<PreferencesForm>),
    /// Everything is deleted.
    Forgotten,
    /// No such link.
    Unknown,
}

/// What stands in the forms and above them.
#[derive(Debug, Clone, PartialEq)]
pub struct PreferencesForm {
    /// What stands in the fields.
    pub subscriber: Subscriber,
    /// The lists, as they stand in the fields.
    pub lists: Vec<ListField>,
    /// The views behind them, sent along: an old page must not take away what it did not show.
    pub shown: String,
    /// What is typed to add a list.
    pub added: String,
    /// Lists that wait for the button behind a mail, in words.
    pub waiting: Vec<String>,
    /// Why nothing is sent to this address.
    pub suppressed: Option<String>,
    /// When the mail comes, as stored, in words.
    pub words: String,
    /// When the next mail comes, if one does.
    pub next: Option<Timestamp>,
    /// The day on which a pause ends.
    pub paused_until: Option<Date>,
    /// Where the forms post.
    pub action: String,
    /// What has just been done, in words.
    pub done: Option<String>,
    /// What was wrong with what was sent.
    pub wrong: Option<String>,
}

#[component]
fn ListRow(n: usize, list: ListField) -> impl IntoView {
    let [address, name, gone] = ["list", "name", "drop"].map(|field| format!("{field}-{n}"));
    let words = if list.words.is_empty() {
        "This list".to_owned()
    } else {
        list.words
    };
    view! {
        <li>
            <p class="which">{words}</p>
            <p><label for=address.clone()>"Address"</label><input id=address.clone() name=address value=list.address autocomplete="off" spellcheck="false"/></p>
            <p><label for=name.clone()>"Your name for it"</label><input id=name.clone() name=name value=list.name autocomplete="off" maxlength="60"/></p>
            <label class="tick"><input type="checkbox" name=gone value="yes" checked=list.dropped/>" Let go of this list"</label>
        </li>
    }
    .into_any()
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
        PreferencesState::Form(form) => {
            let PreferencesForm {
                subscriber,
                lists,
                shown,
                added,
                waiting,
                suppressed,
                words,
                next,
                paused_until,
                action,
                done,
                wrong,
            } = *form;
            let rhythm = subscriber.schedule();
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
            let count = lists.len().to_string();
            let lists = lists
                .into_iter()
                .enumerate()
                .map(|(n, list)| view! { <ListRow n list/> })
                .collect_view();
            let waiting = (!waiting.is_empty()).then(|| view! {
                <p class="hint">{format!("Waiting for the button in the mail we sent: {}.", waiting.join("; "))}</p>
            });
            let opml = format!("{action}/views.opml");
            let data = format!("{action}/data.json");
            view! {
                <h1>"Your mail"</h1>
                <p>"To "<b>{subscriber.email.clone()}</b>{format!(", {words}. {status}")}</p>
                {done.map(|words| view! { <p class="said" role="status">{words}</p> })}
                {wrong.map(|words| view! { <p class="wrong" role="alert">{words}</p> })}
                {suppressed.map(|words| view! { <p class="wrong">{words}</p> })}
                <form class="preferences" method="post" action=action.clone()>
                    <fieldset class="views"><legend>"Lists"</legend>
                        <input type="hidden" name="lists" value=count/>
                        <input type="hidden" name="shown" value=shown/>
                        <ol>{lists}</ol>
                        {waiting}
                        <p><label for="list-new">"Add a list"</label><input id="list-new" name="list-new" value=added autocomplete="off" spellcheck="false" aria-describedby="list-hint"/></p>
                        <p class="hint" id="list-hint">"Paste the address of any list or search here. Each is a section of the mail, in this order."</p>
                    </fieldset>
                    <fieldset><legend>"Days"</legend><ul>{days}</ul><p class="hint">"One day makes it a weekly mail."</p></fieldset>
                    <p><label for="hour">"Hour"</label><select id="hour" name="hour">{hours}</select></p>
                    <p><label for="zone">"Time zone"</label><input id="zone" name="zone" value=rhythm.zone.clone() autocomplete="off" spellcheck="false" aria-describedby="zone-hint"/></p>
                    <p class="hint" id="zone-hint">"By its IANA name, such as Europe/Paris or America/New_York."</p>
                    <fieldset><legend>"Papers of each list in one mail"</legend><ul>{sizes}</ul></fieldset>
                    <p><label for="pause">"No mail before"</label><input id="pause" name="pause" type="date" value=paused_until.map(|day| day.to_string())/></p>
                    <p class="row"><button class="act" name="do" value="save">"Save"</button>
                        {(subscriber.state == "stopped").then(|| view! { <button name="do" value="resume">"Save and turn it on again"</button> })}</p>
                </form>
                <section class="panel" aria-labelledby="ways-out">
                    <h2 class="caps" id="ways-out">"Stop, take along, delete"</h2>
                    {active.then(|| view! {
                        <form class="one" method="post" action=action.clone()><button name="do" value="stop">"Unsubscribe"</button></form>
                    })}
                    <p><a href=opml download="broadsheet.opml">"Your lists for a feed reader (OPML)"</a></p>
                    <p><a href=data download="broadsheet-subscription.json">"Your choices and every letter, as a file"</a></p>
                    <form class="one" method="post" action=action.clone()><button name="do" value="delete">"Delete all of it now"</button></form>
                </section>
            }
            .into_any()
        }
    };
    view! { <main id="main" tabindex="-1"><div class="letter">{inner}</div></main> }
}
