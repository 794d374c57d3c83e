//! The lists a reader keeps at hand.

use domain::SavedSearch;
use domain::text::counted;
use leptos::prelude::*;

use crate::links;

/// The lists, each with its feeds, its mail, its name and the way out.
#[component]
pub fn SearchesPage(views: Vec<SavedSearch>) -> impl IntoView {
    let count = counted(views.len() as u64, "list", "lists");
    let is_empty = views.is_empty();
    let rows = views.into_iter().map(row).collect_view();
    view! {
        <main id="main" tabindex="-1" class="measure">
            {if is_empty {
                view! {
                    <div class="nothing">
                        <h1>"No lists kept yet"</h1>
                        <p>"Filter or search the papers, then press "<b>"Keep this list"</b>" beside it. Kept lists wait here, and go into any feed reader as one file."</p>
                        <p><a href="/">"See what is trending"</a></p>
                    </div>
                }
                .into_any()
            } else {
                view! {
                    <div class="page-head"><div><h1>"Your lists"</h1><p>{count}</p></div></div>
                    <ul class="export" aria-label="Take them with you"><li class="label">"Export"</li><li><a href="/views.opml">"OPML for feed readers"</a></li></ul>
                    <ul class="kept">{rows}</ul>
                }
                .into_any()
            }}
        </main>
    }
    .into_any()
}

fn row(section: SavedSearch) -> impl IntoView + use<> {
    let [atom, rss, json] = links::feeds(section.view.listing());
    let (title, words) = (section.label(), section.view.label());
    let id = format!("name-{}", section.view_id);
    let let_go = format!("Let go of {title}");
    view! {
        <li>
            <h2><a href=section.view.path()>{title}</a></h2>
            {section.name.is_some().then(|| view! { <p class="of">{words}</p> })}
            <ul class="ways">
                <li><a href=atom>"Atom"</a></li>
                <li><a href=rss>"RSS"</a></li>
                <li><a href=json>"JSON Feed"</a></li>
                <li><a href=links::subscribe(&section.view)>"By mail"</a></li>
            </ul>
            <details>
                <summary>"Change"</summary>
                <form method="post" action="/fn/save_search">
                    <input type="hidden" name="view" value=section.view.query()/>
                    <input type="hidden" name="back" value="/views"/>
                    <label for=id.clone()>"Your name for it"</label>
                    <input id=id name="name" value=section.name.unwrap_or_default() maxlength="60" autocomplete="off"/>
                    <button>"Rename"</button>
                </form>
                <form method="post" action="/fn/remove_search">
                    <input type="hidden" name="view" value=section.view_id.to_string()/>
                    <input type="hidden" name="back" value="/views"/>
                    <button aria-label=let_go>"Let go"</button>
                </form>
            </details>
        </li>
    }
    .into_any()
}
