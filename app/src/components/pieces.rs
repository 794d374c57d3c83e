//! Small things that many pages show.

use domain::{Listing, paper::PaperCard, text::grouped};
use leptos::prelude::*;

use crate::links;

/// The authors of a card, each a search; nothing at all when none are known.
#[component]
pub fn Authors(card: PaperCard) -> impl IntoView {
    let more = card.author_count.saturating_sub(card.authors.len());
    let last = card.authors.len().saturating_sub(1);
    (!card.authors.is_empty()).then(|| {
        let names = card
            .authors
            .into_iter()
            .enumerate()
            .map(|(index, name)| {
                let href = links::author(&name);
                view! { <a href=href>{name}</a> {(index < last).then_some(", ")} }
            })
            .collect_view();
        let rest = (more > 0).then(|| {
            let href = format!("{}#authors", links::paper(&card.key));
            view! { " " <a class="rest" href=href>{format!("and {more} more")}</a> }
        });
        view! { <p class="authors">{names}{rest}</p> }.into_any()
    })
}

/// `▲ 128`, spoken as "128 upvotes".
#[component]
pub fn Upvotes(count: u32) -> impl IntoView {
    view! { <span aria-hidden="true">"▲"</span> " " {grouped(count.into())} <span class="vh">{if count == 1 { " upvote" } else { " upvotes" }}</span> }
}

/// `★ 812`, spoken as "812 stars".
#[component]
pub fn Stars(count: u32) -> impl IntoView {
    view! { <span aria-hidden="true">"★"</span> " " {grouped(count.into())} <span class="vh">{if count == 1 { " star" } else { " stars" }}</span> }
}

/// What the reader should know before the list.
#[component]
pub fn Notices(notices: Vec<String>) -> impl IntoView {
    (!notices.is_empty()).then(|| {
        view! { <div class="notices">{notices.into_iter().map(|notice| view! { <p class="notice">{notice}</p> }).collect_view()}</div> }
    })
}

/// A link that widens a listing, and how many papers it would show.
#[derive(Debug, Clone)]
pub struct Wider {
    /// What is dropped.
    pub what: String,
    /// The listing without it.
    pub listing: Listing,
    /// Its papers.
    pub count: u64,
}

/// No papers match: which filter to drop.
#[component]
pub fn Nothing(wider: Vec<Wider>) -> impl IntoView {
    view! {
        <div class="nothing">
            <h2>"No papers match"</h2>
            {if wider.is_empty() {
                view! { <p><a href="/">"See what is trending"</a></p> }.into_any()
            } else {
                let links = wider
                    .into_iter()
                    .map(|wider| view! {
                        <li><a href=wider.listing.url()>"Drop " <i>{wider.what}</i></a> {format!(": {}", wider.listing.count_words(wider.count))}</li>
                    })
                    .collect_view();
                view! { <p>"Drop one of these and something turns up:"</p> <ul>{links}</ul> }.into_any()
            }}
        </div>
    }
}
