//! The filters of a listing as a form.

use domain::{Category, Listing};
use leptos::prelude::*;

use super::search_form::{Hidden, carried};

/// All filters as one form. `categories` are offered as boxes.
#[component]
pub(super) fn FilterForm(listing: Listing, categories: Vec<Category>, action: String) -> impl IntoView {
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
                <label class="label" for="f-category">"Other categories, e.g. math.AP or cs"</label>
                <input id="f-category" name="category" autocomplete="off" spellcheck="false"/>
            </fieldset>
            <fieldset>
                <legend>"Popularity and code"</legend>
                <div class="pair">
                    <div><label class="label" for="f-up">"Minimum upvotes"</label><input id="f-up" name="min_upvotes" type="number" min="0" inputmode="numeric" value=number(listing.min_upvotes)/></div>
                    <div><label class="label" for="f-st">"Minimum stars"</label><input id="f-st" name="min_stars" type="number" min="0" inputmode="numeric" value=number(listing.min_stars)/></div>
                </div>
                <label class="box"><input type="checkbox" name="has" value="code" checked=listing.has_code/> " Has code"</label>
            </fieldset>
            <fieldset>
                <legend>"Published"</legend>
                <div class="pair">
                    <div><label class="label" for="f-from">"From"</label><input id="f-from" name="from" type="date" value=listing.from.map(|day| day.to_string())/></div>
                    <div><label class="label" for="f-to">"To"</label><input id="f-to" name="to" type="date" value=listing.to.map(|day| day.to_string())/></div>
                </div>
            </fieldset>
            <p class="actions"><button class="act">"Apply"</button> " " <a href=clear>"Clear all"</a></p>
        </form>
    }
    .into_any()
}
