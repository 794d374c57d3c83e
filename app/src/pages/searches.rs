//! The saved searches of a reader.

use domain::{SavedSearch, text::counted};
use leptos::prelude::*;

use crate::links;

#[component]
fn NoSearches() -> impl IntoView {
    view! {
        <div class="nothing">
            <h1>"No saved searches yet"</h1>
            <p>"Filter or search, then choose "<b>"Save this search"</b>". You can add them all to a feed reader with one OPML file."</p>
            <p><a href="/">"See trending papers"</a></p>
        </div>
    }
}

/// One saved search: its feeds, its emails, its name, and its removal.
#[component]
fn Row(search: SavedSearch) -> impl IntoView {
    let [atom, rss, json] = links::feeds(search.view.listing());
    let (title, description) = (search.label(), search.view.label());
    let id = format!("name-{}", search.view_id);
    let remove = format!("Remove {title}");
    view! {
        <li>
            <h2><a href=search.view.path()>{title}</a></h2>
            {search.name.is_some().then(|| view! { <p class="of">{description}</p> })}
            <ul class="ways">
                <li><a href=atom>"Atom"</a></li>
                <li><a href=rss>"RSS"</a></li>
                <li><a href=json>"JSON Feed"</a></li>
                <li><a href=links::subscribe(&search.view)>"Email"</a></li>
            </ul>
            <details>
                <summary>"Edit"</summary>
                <form method="post" action="/fn/save_search">
                    <input type="hidden" name="view" value=search.view.query()/>
                    <input type="hidden" name="back" value=links::SEARCHES/>
                    <label for=id.clone()>"Name"</label>
                    <input id=id name="name" value=search.name.unwrap_or_default() maxlength="60" autocomplete="off"/>
                    <button>"Rename"</button>
                </form>
                <form method="post" action="/fn/remove_search">
                    <input type="hidden" name="view" value=search.view_id.to_string()/>
                    <input type="hidden" name="back" value=links::SEARCHES/>
                    <button aria-label=remove>"Remove"</button>
                </form>
            </details>
        </li>
    }
    .into_any()
}

/// All saved searches.
#[component]
pub fn SearchesPage(
    /// The searches, in the order of the page.
    views: Vec<SavedSearch>,
) -> impl IntoView {
    let count = counted(views.len() as u64, "search", "searches");
    let is_empty = views.is_empty();
    let rows = views
        .into_iter()
        .map(|search| view! { <Row search/> })
        .collect_view();
    view! {
        <main id="main" tabindex="-1" class="measure">
            {if is_empty {
                view! { <NoSearches/> }.into_any()
            } else {
                view! {
                    <div class="page-head"><div><h1>"Saved searches"</h1><p>{count}</p></div></div>
                    <ul class="export" aria-label="Export"><li class="label">"Export"</li><li><a href=links::SEARCHES_OPML>"OPML for feed readers"</a></li></ul>
                    <ul class="kept">{rows}</ul>
                }
                .into_any()
            }}
        </main>
    }
    .into_any()
}
