//! A list without papers.

use domain::Listing;
use leptos::prelude::*;

/// A link that removes one filter of a listing.
#[derive(Debug, Clone)]
pub struct Wider {
    /// The filter that it removes.
    pub what: String,
    /// The listing without that filter.
    pub listing: Listing,
    /// How many papers that listing has.
    pub count: u64,
}

/// Says that nothing was found, and which filters could be removed.
#[component]
pub fn NoResults(wider: Vec<Wider>) -> impl IntoView {
    view! {
        <div class="nothing">
            <h2>"No results"</h2>
            {if wider.is_empty() {
                view! { <p><a href="/">"See trending papers"</a></p> }.into_any()
            } else {
                let links = wider
                    .into_iter()
                    .map(|wider| view! {
                        <li><a href=wider.listing.url()>"Remove " <i>{wider.what}</i></a> {format!(" ({})", wider.listing.count_label(wider.count))}</li>
                    })
                    .collect_view();
                view! { <p>"Try removing a filter:"</p> <ul>{links}</ul> }.into_any()
            }}
        </div>
    }
}
