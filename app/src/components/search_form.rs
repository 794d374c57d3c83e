//! The search box.

use domain::{Listing, Sort};
use leptos::prelude::*;

/// The parameters that a GET form must carry along as hidden fields: all except its own. The order by relevance is left
/// out, because it belongs to the old words.
pub(super) fn carried(listing: &Listing, own: &[&str]) -> Vec<(&'static str, String)> {
    let bare = listing.with(|listing| listing.sort = listing.sort.filter(|sort| *sort != Sort::Relevance));
    bare.pairs()
        .into_iter()
        .filter(|(name, _)| !own.contains(name))
        .collect()
}

/// Hidden fields of a form.
#[component]
pub(super) fn Hidden(fields: Vec<(&'static str, String)>) -> impl IntoView {
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
}

/// The search box. It keeps the active filters.
#[component]
pub fn SearchForm(
    listing: Listing,
    #[prop(into)] action: String,
    #[prop(into)] label: String,
) -> impl IntoView {
    let fields = carried(&listing, &["q"]);
    view! {
        <form class="search" role="search" action=action>
            <label class="vh" for="q">{label.clone()}</label>
            <input id="q" type="search" name="q" value=listing.query.text placeholder=label autocomplete="off" maxlength="1000"/>
            <Hidden fields/>
            <button>"Search"</button>
        </form>
    }
    .into_any()
}
