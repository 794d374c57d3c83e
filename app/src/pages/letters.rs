//! Where the links of letters lead: one button each, and what pressing it did. Opening them changes nothing.

use leptos::prelude::*;

/// The page behind a confirmation link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfirmState {
    /// Waiting for the button.
    Asking {
        /// Whose subscription.
        email: String,
        /// By whose clock.
        zone: String,
        /// Where the button posts.
        action: String,
    },
    /// On.
    Done {
        /// Whose subscription.
        email: String,
        /// By whose clock.
        zone: String,
        /// It was on before.
        again: bool,
    },
    /// The link is too old.
    Expired,
    /// No such link, or its subscription has ended.
    Unknown,
}

/// One button that turns the subscription on.
#[component]
pub fn ConfirmPage(state: ConfirmState) -> impl IntoView {
    let inner = match state {
        ConfirmState::Asking { email, zone, action } => view! {
            <h1>"Confirm your address"</h1>
            <p>"Trending papers to "<b>{email}</b>{format!(", at 08:00 {zone}, Monday to Friday; every mail has a link that changes it.")}</p>
            <form class="one" method="post" action=action><button class="act">"Confirm"</button></form>
            <p class="small">"Not you? Close this page: without the button nothing is ever sent."</p>
        }
        .into_any(),
        ConfirmState::Done { email, zone, again } => view! {
            <h1>{if again { "Already confirmed" } else { "You are subscribed" }}</h1>
            <p role="status">"The papers come to "<b>{email}</b>{format!(" at 08:00 {zone}, Monday to Friday. Every mail has a link to change that, and one to end it.")}</p>
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
            <h1>"Stop the daily mail?"</h1>
            <p>"For "<b>{email}</b>". It takes effect at once."</p>
            <form class="one" method="post" action=action><button class="act">"Unsubscribe"</button></form>
        }
        .into_any(),
        UnsubscribeState::Done { email } => view! {
            <h1>"The mail has stopped"</h1>
            <p role="status">"Nothing more goes to "<b>{email}</b>". Your bookmarks are untouched."</p>
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
