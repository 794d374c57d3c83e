//! The bar over a list.

use domain::{Category, Listing};
use leptos::prelude::*;

use super::{filter_chips::Chips, filter_form::FilterForm, search_form::SearchForm, tabs::Tabs};

/// Search, order, period and filters. Every state is a link or a GET form.
#[component]
pub fn FilterBar(listing: Listing, categories: Vec<Category>) -> impl IntoView {
    let action = Listing {
        edition: listing.edition,
        ..Listing::default()
    }
    .url();
    view! {
        <section class="filters" aria-label="Search and filters">
            <SearchForm listing=listing.clone() action=action.clone() label="Search papers, authors, ids"/>
            <Tabs listing=listing.clone()/>
            <div class="narrow">
                <details>
                    <summary>"Filters"</summary>
                    <FilterForm listing=listing.clone() categories action/>
                </details>
                <Chips listing/>
            </div>
        </section>
    }
    .into_any()
}
