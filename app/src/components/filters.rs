//! The filter bar: every state a link or a form, every chip a link that takes it back.

use domain::{Category, Listing, Sort, Window};
use leptos::prelude::*;

/// What a GET form must carry along as hidden fields: everything but what it asks for itself. Relevance goes with the
/// words it is of.
fn carried(listing: &Listing, own: &[&str]) -> Vec<(&'static str, String)> {
    let bare = listing.with(|listing| listing.sort = listing.sort.filter(|sort| *sort != Sort::Relevance));
    bare.pairs()
        .into_iter()
        .filter(|(name, _)| !own.contains(name))
        .collect()
}

#[component]
fn Hidden(fields: Vec<(&'static str, String)>) -> impl IntoView {
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
}

/// The search box. It keeps the filters that are on.
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

/// A listing with another order; the one that would apply anyway is not written into the URL.
fn ordered(listing: &Listing, sort: Sort) -> Listing {
    let bare = listing.with(|listing| listing.sort = None);
    if bare.order() == sort {
        bare
    } else {
        listing.with(|listing| listing.sort = Some(sort))
    }
}

fn spanned(listing: &Listing, window: Window) -> Listing {
    let bare = listing.with(|listing| listing.window = None);
    if bare.span() == window {
        bare
    } else {
        listing.with(|listing| listing.window = Some(window))
    }
}

#[component]
fn Tabs(listing: Listing) -> impl IntoView {
    let order = listing.order();
    let sorts = Sort::ALL
        .iter()
        .filter(|sort| **sort != Sort::Relevance || listing.query.has_wanted_terms())
        .map(|sort| {
            let current = (*sort == order).then_some("true");
            view! { <li><a href=ordered(&listing, *sort).url() aria-current=current>{sort.label()}</a></li> }
        })
        .collect_view();
    // Heat has three half-lives; the longer windows only make sense for the other orders.
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
            view! { <li><a href=spanned(&listing, *window).url() aria-current=current>{window.label()}</a></li> }
        })
        .collect_view();
    let windows = listing
        .edition
        .is_none()
        .then(|| view! { <ul aria-label="Period">{windows}</ul> });
    view! { <nav class="tabs" aria-label="Order and period"><ul aria-label="Order">{sorts}</ul>{windows}</nav> }.into_any()
}

/// Each filter that is on, in words, with the listing without it.
pub fn active(listing: &Listing) -> Vec<(String, Listing)> {
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
            "has code".to_owned(),
            listing.with(|listing| listing.has_code = false),
        ));
    }
    if listing.min_upvotes > 0 {
        active.push((
            format!("{} upvotes or more", listing.min_upvotes),
            listing.with(|listing| listing.min_upvotes = 0),
        ));
    }
    if listing.min_stars > 0 {
        active.push((
            format!("{} stars or more", listing.min_stars),
            listing.with(|listing| listing.min_stars = 0),
        ));
    }
    if let Some(day) = listing.from {
        active.push((format!("from {day}"), listing.with(|listing| listing.from = None)));
    }
    if let Some(day) = listing.to {
        active.push((format!("to {day}"), listing.with(|listing| listing.to = None)));
    }
    active
}

#[component]
fn Chips(listing: Listing) -> impl IntoView {
    let chips = active(&listing);
    (!chips.is_empty()).then(|| {
        let chips = chips
            .into_iter()
            .map(|(what, without)| view! {
                <li><a href=without.url()><span>{what}</span>" "<span class="x" aria-hidden="true">"×"</span><span class="vh">": remove this filter"</span></a></li>
            })
            .collect_view();
        view! { <ul class="chips" aria-label="Active filters">{chips}</ul> }
    })
}

#[component]
fn FilterForm(listing: Listing, categories: Vec<Category>, action: String) -> impl IntoView {
    let fields = carried(
        &listing,
        &["category", "has", "min_upvotes", "min_stars", "from", "to"],
    );
    let mut offered = listing.categories.clone();
    offered.extend(
        categories
            .into_iter()
            .filter(|category| !listing.categories.contains(category)),
    );
    let boxes = offered
        .into_iter()
        .map(|category| {
            let checked = listing.categories.contains(&category);
            view! { <label class="box"><input type="checkbox" name="category" value=category.to_string() checked=checked/> " " {category.to_string()}</label> }
        })
        .collect_view();
    let number = |value: u32| (value > 0).then(|| value.to_string());
    let clear = Listing {
        edition: listing.edition,
        ..Listing::default()
    }
    .url();
    view! {
        <form class="filter-form" action=action>
            <Hidden fields/>
            <fieldset>
                <legend>"Categories"</legend>
                <div class="boxes">{boxes}</div>
                <label class="label" for="f-category">"Another, such as math.AP or cs"</label>
                <input id="f-category" name="category" autocomplete="off" spellcheck="false"/>
            </fieldset>
            <fieldset>
                <legend>"At least"</legend>
                <div class="pair">
                    <div><label class="label" for="f-up">"upvotes"</label><input id="f-up" name="min_upvotes" type="number" min="0" inputmode="numeric" value=number(listing.min_upvotes)/></div>
                    <div><label class="label" for="f-st">"stars"</label><input id="f-st" name="min_stars" type="number" min="0" inputmode="numeric" value=number(listing.min_stars)/></div>
                </div>
                <label class="box"><input type="checkbox" name="has" value="code" checked=listing.has_code/> " has code"</label>
            </fieldset>
            <fieldset>
                <legend>"Published"</legend>
                <div class="pair">
                    <div><label class="label" for="f-from">"from"</label><input id="f-from" name="from" type="date" value=listing.from.map(|day| day.to_string())/></div>
                    <div><label class="label" for="f-to">"to"</label><input id="f-to" name="to" type="date" value=listing.to.map(|day| day.to_string())/></div>
                </div>
            </fieldset>
            <p class="actions"><button class="act">"Show papers"</button> " " <a href=clear>"Clear all"</a></p>
        </form>
    }
    .into_any()
}

/// Search, order, period and filters of a listing.
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
