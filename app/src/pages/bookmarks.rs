//! The reader's bookmarks.

use domain::{
    Listing, Page, PaperKey, Window, listing::push_encoded, marks::Marks, paper::PaperCard, text::counted,
};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{Card, CardMark, Notices};

/// A bookmark that was just removed without scripts, and the button that restores it.
#[component]
fn Removed(key: PaperKey, title: String) -> impl IntoView {
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
}

#[component]
fn NoBookmarks() -> impl IntoView {
    view! {
        <div class="nothing">
            <h1>"No bookmarks yet"</h1>
            <p>"Bookmark a paper and it will appear here. No account needed; export to BibTeX any time."</p>
            <p><a href="/">"See trending papers"</a></p>
        </div>
    }
}

/// The title, the search and the export.
#[component]
fn Heading(total: u64, query: String) -> impl IntoView {
    view! {
        <div class="page-head">
            <div><h1>"Bookmarks"</h1><p data-total=total.to_string()>{counted(total, "paper", "papers")}</p></div>
            <form class="search" role="search" action="/bookmarks">
                <label class="vh" for="q">"Search your bookmarks"</label>
                <input id="q" type="search" name="q" value=query placeholder="Search your bookmarks" maxlength="1000"/>
                <button>"Search"</button>
            </form>
        </div>
        <ul class="export" aria-label="Export"><li class="label">"Export"</li><li><a href="/bookmarks.bib">"BibTeX"</a></li></ul>
    }
}

/// The cards of a page. `seen` papers stand on the pages before it.
fn cards(cards: Vec<PaperCard>, seen: u32, total: u64, today: Date, marks: &Marks) -> impl IntoView + use<> {
    cards
        .into_iter()
        .zip(seen + 1..)
        .map(|(card, position)| {
            let mut back = "/bookmarks?removed=".to_owned();
            push_encoded(&mut back, &card.key.to_string());
            view! { <Card card mark=CardMark::Rank(position) position window=Window::Week today marks=marks.clone() total bookmark_back=Some(back)/> }
        })
        .collect_view()
}

/// The list, with search, undo and export.
#[component]
pub fn BookmarksPage(
    /// The search and the filters.
    listing: Listing,
    /// One page of the bookmarks.
    page: Page,
    /// What the reader should know before the list.
    notices: Vec<String>,
    /// The key and title of a bookmark that was just removed without scripts.
    removed: Option<(PaperKey, String)>,
    /// The address of the next page.
    next: Option<String>,
    /// Today in UTC.
    today: Date,
) -> impl IntoView {
    let total = page.total;
    let searching = listing.is_filtered();
    let empty = page.cards.is_empty();
    let removed = removed.map(|(key, title)| view! { <Removed key title/> });
    if total == 0 && !searching {
        return view! { <main id="main" tabindex="-1"><Notices notices/>{removed}<NoBookmarks/></main> }
            .into_any();
    }
    let cards = cards(page.cards, page.seen, total, today, &Marks::of(&listing.query));
    view! {
        <main id="main" tabindex="-1" class="measure">
            <Heading total query=listing.query.text/>
            <Notices notices/>
            {removed}
            {if empty {
                view! {
                    <div class="nothing"><h2>"No bookmarks match"</h2><p><a href="/bookmarks">"Show all"</a></p></div>
                }
                .into_any()
            } else {
                view! {
                    <div class="feed" role="feed" aria-busy="false" aria-label="Bookmarks">{cards}</div>
                    {next.map(|href| view! { <a class="next" rel="next" href=href>"Load more"</a> })}
                }
                .into_any()
            }}
            {(searching && !empty).then(|| view! { <p class="note"><a href="/bookmarks">"Show all"</a></p> })}
        </main>
    }
    .into_any()
}
