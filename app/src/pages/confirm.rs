//! The pages of confirmation and unsubscribe links: one button each, and what it did.

use domain::SavedSearch;
use leptos::prelude::*;

/// The page of a confirmation link.
#[derive(Debug, Clone, PartialEq)]
pub enum ConfirmState {
    /// The button has not been clicked.
    Asking {
        /// The address of the subscriber.
        email: String,
        /// When the digest is due, in words.
        schedule: String,
        /// The searches that wait for confirmation.
        searches: Vec<SavedSearch>,
        /// Whether the searches are added to an active subscription.
        adding: bool,
        /// The schedule and the length, sent with the form: nothing is confirmed that the page did not show.
        shown: String,
        /// Where the form is posted.
        action: String,
        /// What was wrong with the last submission.
        wrong: Option<String>,
    },
    /// The subscription is active.
    Done {
        /// The address of the subscriber.
        email: String,
        /// When the digest is due, in words.
        schedule: String,
        /// The labels of the active searches.
        searches: Vec<String>,
        /// Whether it was active before.
        again: bool,
    },
    /// The link has expired.
    Expired,
    /// There is no such link, or its subscription has ended.
    Unknown,
}

/// The searches that wait. One is named; of several the reader can choose.
fn pending_searches(searches: Vec<SavedSearch>) -> impl IntoView {
    match &searches[..] {
        [only] => view! {
            <p class="which">{only.view.label()}</p>
            <input type="hidden" name="view" value=only.view_id.to_string()/>
        }
        .into_any(),
        _ => {
            let items = searches
                .into_iter()
                .map(|search| view! {
                    <li><label><input type="checkbox" name="view" value=search.view_id.to_string() checked/>" "{search.view.label()}</label></li>
                })
                .collect_view();
            view! {
                <fieldset><legend>"Searches"</legend><ul class="rows">{items}</ul></fieldset>
            }
            .into_any()
        }
    }
}

/// The page of a confirmation link.
#[component]
pub fn ConfirmPage(
    /// What the page shows.
    state: ConfirmState,
) -> impl IntoView {
    let inner = match state {
        ConfirmState::Asking { email, schedule, searches, adding, shown, action, wrong } => {
            let heading = if adding { "Add to your digest?" } else { "Confirm your subscription" };
            view! {
                <h1>{heading}</h1>
                <p>"We’ll email "<b>{email}</b>{format!(" {schedule}. You can change this from any email.")}</p>
                {wrong.map(|words| view! { <p class="wrong" role="alert">{words}</p> })}
                <form class="one preferences" method="post" action=action>
                    {pending_searches(searches)}
                    <input type="hidden" name="promise" value=shown/>
                    <button class="act">"Confirm"</button>
                </form>
                <p class="small">"Not you? Close this page and nothing will be sent."</p>
            }
            .into_any()
        }
        ConfirmState::Done { email, schedule, searches, again } => view! {
            <h1>{if again { "Already confirmed" } else { "You are subscribed" }}</h1>
            <p role="status">"Papers will be sent to "<b>{email}</b>{format!(" {schedule}. You can change this or unsubscribe from any email.")}</p>
            <ul class="lists">{searches.into_iter().map(|label| view! { <li>{label}</li> }).collect_view()}</ul>
            <p class="small"><a href="/">"Back to the papers"</a></p>
        }
        .into_any(),
        ConfirmState::Expired => view! {
            <h1>"This link has expired"</h1>
            <p>"Confirmation links work for seven days. "<a href="/subscribe">"Subscribe again"</a>" to get a new one."</p>
        }
        .into_any(),
        ConfirmState::Unknown => view! {
            <h1>"This link isn’t valid"</h1>
            <p>"Your mail app may have truncated it, or the subscription has ended. You can "<a href="/subscribe">"subscribe again"</a>"."</p>
        }
        .into_any(),
    };
    view! { <main id="main" tabindex="-1"><div class="letter">{inner}</div></main> }
}
