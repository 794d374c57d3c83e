//! What a reader should know before the list.

use leptos::prelude::*;

/// The notices, one paragraph each.
#[component]
pub fn Notices(notices: Vec<String>) -> impl IntoView {
    (!notices.is_empty()).then(|| {
        view! { <div class="notices">{notices.into_iter().map(|notice| view! { <p class="notice">{notice}</p> }).collect_view()}</div> }
    })
}
