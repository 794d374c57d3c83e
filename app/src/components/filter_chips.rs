//! The active filters of a listing.

use domain::{Listing, Sort};
use leptos::prelude::*;

/// The label of each active filter, and the listing without it.
pub fn active_filters(listing: &Listing) -> Vec<(String, Listing)> {
    let mut active = Vec::new();
    if !listing.query.text.is_empty() {
        let without = listing.with(|listing| {
            listing.query = Default::default();
            listing.sort = listing.sort.filter(|sort| *sort != Sort::Relevance);
        });
        active.push((format!("“{}”", listing.query.text), without));
    }
    for category in &listing.categories {
        active.push((
            category.to_string(),
            listing.with(|listing| listing.categories.retain(|other| other != category)),
        ));
    }
    if listing.has_code {
        active.push((
            "Has code".to_owned(),
            listing.with(|listing| listing.has_code = false),
        ));
    }
    if listing.min_upvotes > 0 {
        active.push((
            format!("{}+ upvotes", listing.min_upvotes),
            listing.with(|listing| listing.min_upvotes = 0),
        ));
    }
    if listing.min_stars > 0 {
        active.push((
            format!("{}+ stars", listing.min_stars),
            listing.with(|listing| listing.min_stars = 0),
        ));
    }
    if let Some(day) = listing.from {
        active.push((format!("From {day}"), listing.with(|listing| listing.from = None)));
    }
    if let Some(day) = listing.to {
        active.push((format!("To {day}"), listing.with(|listing| listing.to = None)));
    }
    active
}

/// A link for each active filter that removes it.
#[component]
pub(super) fn Chips(listing: Listing) -> impl IntoView {
    let chips = active_filters(&listing);
    (!chips.is_empty()).then(|| {
        let chips = chips
            .into_iter()
            .map(|(label, without)| view! {
                <li><a href=without.url()><span>{label}</span>" "<span class="x" aria-hidden="true">"×"</span><span class="vh">": remove this filter"</span></a></li>
            })
            .collect_view();
        view! { <ul class="chips" aria-label="Active filters">{chips}</ul> }
    })
}
