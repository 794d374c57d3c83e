//! Where the links of letters lead: one button each, and what pressing it did. Opening them changes nothing.

use domain::SavedSearch;
use leptos::prelude::*;

/// The page behind a confirmation link.
#[derive(Debug, Clone, PartialEq)]
pub enum ConfirmState {
    /// Waiting for the button.
    Asking {
        /// Whose subscription.
        email: String,
        /// When the mail comes, in words.
        rhythm: String,
        /// The lists that wait.
        waiting: Vec<SavedSearch>,
        /// Their reader has mail already, and may have these too.
        adding: bool,
        /// What the button promises, besides the lists: sent along, so that nothing is confirmed that was not shown.
        promise: String,
        /// Where the button posts.
        action: String,
        /// What was wrong with what was sent.
        wrong: Option<String>,
    },
    /// On.
    Done {
        /// Whose subscription.
        email: String,
        /// When the mail comes, in words.
        rhythm: String,
        /// The lists, in words.
        lists: Vec<String>,
        /// It was on before.
        again: bool,
    },
    /// The link is too old.
    Expired,
    /// No such link, or its subscription has ended.
    Unknown,
}

/// The lists that wait: one is said, several can be chosen from.
fn waiting_lists(waiting: Vec<SavedSearch>) -> impl IntoView {
    match &waiting[..] {
        [only] => view! {
            <p class="which">{only.view.label()}</p>
            <input type="hidden" name="view" value=only.view_id.to_string()/>
        }
        .into_any(),
        _ => {
            let items = waiting
                .into_iter()
                .map(|section| view! {
                    <li><label><input type="checkbox" name="view" value=section.view_id.to_string() checked/>" "{section.view.label()}</label></li>
                })
                .collect_view();
            view! {
                <fieldset><legend>"The lists"</legend><ul class="rows">{items}</ul></fieldset>
            }
            .into_any()
        }
    }
}

/// One button that turns the subscription on.
#[component]
pub fn ConfirmPage(state: ConfirmState) -> impl IntoView {
    let inner = match state {
        ConfirmState::Asking { email, rhythm, waiting, adding, promise, action, wrong } => {
            let heading = if adding { "Add to your mail?" } else { "Confirm your address" };
            view! {
                <h1>{heading}</h1>
                <p>"To "<b>{email}</b>{format!(", {rhythm}; every mail has a link that changes it.")}</p>
                {wrong.map(|words| view! { <p class="wrong" role="alert">{words}</p> })}
                <form class="one preferences" method="post" action=action>
                    {waiting_lists(waiting)}
                    <input type="hidden" name="promise" value=promise/>
                    <button class="act">"Confirm"</button>
                </form>
                <p class="small">"Not you? Close this page: without the button nothing is ever sent."</p>
            }
            .into_any()
        }
        ConfirmState::Done { email, rhythm, lists, again } => view! {
            <h1>{if again { "Already confirmed" } else { "You are subscribed" }}</h1>
            <p role="status">"The papers come to "<b>{email}</b>{format!(" {rhythm}. Every mail has a link to change that, and one to end it.")}</p>
            <ul class="lists">{lists.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
            <p class="small"><a href="/">"Back to the papers"</a></p>
        }
        .into_any(),
        ConfirmState::Expired => view! {
            <h1>"This link is too old"</h1>
            <p>"Confirmation links work for seven days. "<a href="/subscribe">"Ask for a new one"</a>"."</p>
        }
        .into_any(),
        ConfirmState::Unknown => view! {
            <h1>"This link does not work"</h1>
            <p>"It may have been cut by the mail program, or the subscription has ended since. "<a href="/subscribe">"Subscribe anew"</a>"."</p>
        }
        .into_any(),
    };
    view! { <main id="main" tabindex="-1"><div class="letter">{inner}</div></main> }
}

/// The page behind an unsubscribe link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnsubscribeState {
    /// Waiting for the button.
    Asking {
        /// Whose subscription.
        email: String,
        /// Where the button posts.
        action: String,
    },
    /// Off.
    Done {
        /// Whose subscription.
        email: String,
    },
    /// No such link.
    Unknown,
}

/// One button that turns the subscription off.
#[component]
pub fn UnsubscribePage(state: UnsubscribeState) -> impl IntoView {
    let inner = match state {
        UnsubscribeState::Asking { email, action } => view! {
            <h1>"Stop the mail?"</h1>
            <p>"All of it, for "<b>{email}</b>". It takes effect at once. To stop only some lists, or to pause, use the link to your choices in any mail."</p>
            <form class="one" method="post" action=action><button class="act" name="button" value="pressed">"Unsubscribe"</button></form>
        }
        .into_any(),
        UnsubscribeState::Done { email } => view! {
            <h1>"The mail has stopped"</h1>
            <p role="status">"No more papers go to "<b>{email}</b>". Your bookmarks are untouched."</p>
            <p class="small"><a href="/">"Back to the papers"</a>" · "<a href="/subscribe">"Subscribe again"</a></p>
        }
        .into_any(),
        UnsubscribeState::Unknown => view! {
            <h1>"This link does not work"</h1>
            <p>"It may have been cut by the mail program. The link at the end of any of our mails ends the subscription."</p>
        }
        .into_any(),
    };
    view! { <main id="main" tabindex="-1"><div class="letter">{inner}</div></main> }
}
