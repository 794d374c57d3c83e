//! The column beside a list.

use domain::{Listing, ListingQuery, paper::Published, text::counted};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::{components::date_label, links};

/// The size and age of the library, and sources with problems.
#[component]
fn Library(
    papers: u64,
    newest: Option<Published>,
    ranked_for: Option<Timestamp>,
    warnings: Vec<String>,
) -> impl IntoView {
    let newest = newest.map(|published| format!("; newest {}", date_label(published)));
    let ranked = ranked_for.map(|at| format!("Ranking updated {} UTC", at.strftime("%-d %B %Y, %H:%M")));
    let warnings = warnings
        .into_iter()
        .map(|text| view! { <li class="trouble">{text}</li> })
        .collect_view();
    view! {
        <section>
            <h2 class="caps">"Library"</h2>
            <ul>
                <li>{counted(papers, "paper", "papers")}{newest}</li>
                {ranked.map(|text| view! { <li>{text}</li> })}
                {warnings}
                <li><a href="/about/sources">"Source status"</a></li>
            </ul>
        </section>
    }
}

/// Subscribing to the listing by email, and saving it. An edition does not change, so it offers neither.
#[component]
fn EmailAndSave(listing: Listing) -> impl IntoView {
    let search = ListingQuery::of(&listing);
    let label = if search.is_front() {
        "Get the daily digest"
    } else {
        "Subscribe to this search"
    };
    view! {
        <section>
            <h2 class="caps">"Email"</h2>
            <p><a href=links::subscribe(&search)>{label}</a></p>
        </section>
        <section>
            <h2 class="caps">"Saved searches"</h2>
            <form class="keep-list" method="post" action="/fn/save_search">
                <input type="hidden" name="view" value=search.query()/>
                // The saved searches show that it is saved.
                <input type="hidden" name="back" value=links::SEARCHES/>
                <button>"Save this search"</button>
            </form>
            <p><a href=links::SEARCHES>"All saved searches"</a></p>
        </section>
    }
    .into_any()
}

/// The column. Scripts fill in the keyboard shortcuts.
#[component]
pub(super) fn ListingAside(
    listing: Listing,
    papers: u64,
    newest: Option<Published>,
    ranked_for: Option<Timestamp>,
    warnings: Vec<String>,
) -> impl IntoView {
    let [atom, rss, json] = links::feeds(&listing);
    let is_edition = listing.edition.is_some();
    view! {
        <aside class="aside" aria-label="About this list">
            <Library papers newest ranked_for warnings/>
            {(!is_edition).then(|| view! { <EmailAndSave listing/> })}
            <section>
                <h2 class="caps">"Feeds"</h2>
                <p><a href=atom>"Atom"</a>", "<a href=rss>"RSS"</a>", "<a href=json>"JSON"</a></p>
            </section>
            <section>
                <h2 class="caps">"Why is it here?"</h2>
                <p>"Heat combines recent gains in upvotes, stars and bookmarks. "<a href="/about/ranking">"See the formula"</a></p>
            </section>
            <section class="keys-help" hidden></section>
        </aside>
    }
    .into_any()
}
