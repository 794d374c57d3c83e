//! The page of an unsubscribe link: the question, and what the button did.

use leptos::prelude::*;

/// The page of an unsubscribe link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnsubscribeState {
    /// The button has not been clicked.
    Asking {
        /// The address of the subscriber.
        email: String,
        /// Where the form is posted.
        action: String,
    },
    /// The subscription has ended.
    Done {
        /// The address of the subscriber.
        email: String,
    },
    /// There is no such link.
    Unknown,
}

/// The page of an unsubscribe link.
#[component]
pub fn UnsubscribePage(
    /// What the page shows.
    state: UnsubscribeState,
) -> impl IntoView {
    let inner = match state {
        UnsubscribeState::Asking { email, action } => view! {
            <h1>"Unsubscribe"</h1>
            <p>"Unsubscribe "<b>{email}</b>" from all emails? To remove one search or pause the digest, use the link “Manage preferences” in any email."</p>
            <form class="one" method="post" action=action><button class="act" name="button" value="pressed">"Unsubscribe"</button></form>
        }
        .into_any(),
        UnsubscribeState::Done { email } => view! {
            <h1>"You’re unsubscribed"</h1>
            <p role="status">"No more papers will be sent to "<b>{email}</b>". Your bookmarks are not affected."</p>
            <p class="small"><a href="/">"Back to the papers"</a>" · "<a href="/subscribe">"Subscribe again"</a></p>
        }
        .into_any(),
        UnsubscribeState::Unknown => view! {
            <h1>"This link isn’t valid"</h1>
            <p>"Your mail app may have truncated it. Use the unsubscribe link at the end of any of our emails."</p>
        }
        .into_any(),
    };
    view! { <main id="main" tabindex="-1"><div class="letter">{inner}</div></main> }
}
