//! The reader's own papers.

use domain::Page;
use domain::marks::Marks;
use domain::{Listing, PaperKey, Window, listing::push_encoded, text::counted};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{Card, CardMark, Notices};

/// The list, with search, undo and export.
#[component]
pub fn BookmarksPage(
    listing: Listing,
    page: Page,
    notices: Vec<String>,
    /// A paper just taken back without JavaScript: its name and title, to undo.
    removed: Option<(PaperKey, String)>,
    /// The address of the page after this one.
    next: Option<String>,
    /// Today in UTC.
    today: Date,
) -> impl IntoView {
    let total = page.total;
    let searching = listing.is_filtered();
    let empty = page.cards.is_empty();
    let marks = Marks::of(&listing.query);
    let query = listing.query.text.clone();
    let removed = removed.map(|(key, title)| {
        view! {
            <div class="removed" role="status">
                <p>{format!("Removed “{title}”.")}</p>
                <form method="post" action="/fn/bookmark">
                    <input type="hidden" name="paper" value=key.to_string()/>
                    <input type="hidden" name="bookmarked" value="true"/>
                    <input type="hidden" name="back" value="/bookmarks"/>
                    <button>"Undo"</button>
                </form>
            </div>
        }
    });
    let cards = page
        .cards
        .into_iter()
        .zip(page.seen + 1..)
        .map(|(card, position)| {
            let mut back = "/bookmarks?removed=".to_owned();
            push_encoded(&mut back, &card.key.to_string());
            view! { <Card card mark=CardMark::Rank(position) position window=Window::Week today marks=marks.clone() total bookmark_back=Some(back)/> }
        })
        .collect_view();
    // A search that finds nothing is not an empty shelf.
    if total == 0 && !searching {
        return view! {
            <main id="main" tabindex="-1">
                <Notices notices/>
                {removed}
                <div class="nothing">
                    <h1>"No bookmarks yet"</h1>
                    <p>"Press "<b>"Bookmark"</b>" under a paper and it waits here: no account is needed, and it can leave again as BibTeX."</p>
                    <p><a href="/">"See what is trending"</a></p>
                </div>
            </main>
        }
        .into_any();
    }
    view! {
        <main id="main" tabindex="-1" class="measure">
            <div class="page-head">
                <div><h1>"Bookmarks"</h1><p>{counted(total, "paper", "papers")}</p></div>
                <form class="search" role="search" action="/bookmarks">
                    <label class="vh" for="q">"Search your bookmarks"</label>
                    <input id="q" type="search" name="q" value=query placeholder="Search your bookmarks" maxlength="1000"/>
                    <button>"Search"</button>
                </form>
            </div>
            <ul class="export" aria-label="Take them with you"><li class="label">"Export"</li><li><a href="/bookmarks.bib">"BibTeX"</a></li></ul>
            <Notices notices/>
            {removed}
            {if empty {
                view! {
                    <div class="nothing"><h2>"None of your bookmarks match"</h2><p><a href="/bookmarks">"Show all of them"</a></p></div>
                }
                .into_any()
            } else {
                view! {
                    <div class="feed" role="feed" aria-busy="false" aria-label="Bookmarks">{cards}</div>
                    {next.map(|href| view! { <a class="next" rel="next" href=href>"More bookmarks"</a> })}
                }
                .into_any()
            }}
            {(searching && !empty).then(|| view! { <p class="note"><a href="/bookmarks">"Show all of them"</a></p> })}
        </main>
    }
    .into_any()
}
