//! The order and the period of a listing.

use domain::{Listing, Sort, Window};
use leptos::prelude::*;

/// A listing with another order. The default order is left out of the URL.
fn with_order(listing: &Listing, sort: Sort) -> Listing {
    let bare = listing.with(|listing| listing.sort = None);
    if bare.order() == sort {
        bare
    } else {
        listing.with(|listing| listing.sort = Some(sort))
    }
}

/// A listing with another window. The default window is left out of the URL.
fn with_window(listing: &Listing, window: Window) -> Listing {
    let bare = listing.with(|listing| listing.window = None);
    if bare.span() == window {
        bare
    } else {
        listing.with(|listing| listing.window = Some(window))
    }
}

/// Links for the order and the period. An edition has no period.
#[component]
pub(super) fn Tabs(listing: Listing) -> impl IntoView {
    let order = listing.order();
    let sorts = Sort::ALL
        .iter()
        .filter(|sort| **sort != Sort::Relevance || listing.query.has_wanted_terms())
        .map(|sort| {
            let current = (*sort == order).then_some("true");
            view! { <li><a href=with_order(&listing, *sort).url() aria-current=current>{sort.label()}</a></li> }
        })
        .collect_view();
    // Heat has three half-lives, so trending offers three windows.
    let span = if order == Sort::Trending {
        listing.span().of_heat()
    } else {
        listing.span()
    };
    let windows = Window::ALL
        .iter()
        .filter(|window| order != Sort::Trending || window.of_heat() == **window)
        .map(|window| {
            let current = (*window == span).then_some("true");
            view! { <li><a href=with_window(&listing, *window).url() aria-current=current>{window.label()}</a></li> }
        })
        .collect_view();
    let windows = listing
        .edition
        .is_none()
        .then(|| view! { <ul aria-label="Period">{windows}</ul> });
    view! { <nav class="tabs" aria-label="Order and period"><ul aria-label="Order">{sorts}</ul>{windows}</nav> }.into_any()
}
