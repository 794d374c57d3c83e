//! Counts with a symbol that screen readers read as a word.

use domain::text::grouped;
use leptos::prelude::*;

/// `▲ 128`, read as "128 upvotes".
#[component]
pub fn Upvotes(count: u32) -> impl IntoView {
    view! { <span aria-hidden="true">"▲"</span> " " {grouped(count.into())} <span class="vh">{if count == 1 { " upvote" } else { " upvotes" }}</span> }
}

/// `★ 812`, read as "812 stars".
#[component]
pub fn Stars(count: u32) -> impl IntoView {
    view! { <span aria-hidden="true">"★"</span> " " {grouped(count.into())} <span class="vh">{if count == 1 { " star" } else { " stars" }}</span> }
}
