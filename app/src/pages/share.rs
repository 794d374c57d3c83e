//! A link that another program shared, and the paper behind it.

use domain::{ArxivId, marks::Marks, paper::PaperCard};
use leptos::prelude::*;

use crate::{
    components::{Authors, BookmarkForm, FetchForm, Within, rich},
    links,
};

/// What was found in what was shared.
#[derive(Debug, Clone, PartialEq)]
pub enum ShareState {
    /// A paper.
    Paper {
        /// The paper.
        card: Box<PaperCard>,
    },
    /// The id of a paper that is not in the library.
    Absent {
        /// The id.
        id: ArxivId,
        /// Whether it can be fetched from arXiv.
        can_fetch: bool,
    },
    /// No paper.
    NoPaper {
        /// A text to search for.
        search: String,
    },
}

#[component]
fn Shared(card: PaperCard) -> impl IntoView {
    let none = Marks::default();
    let title = rich(&card.title, &none, Within::Card);
    let summary = rich(&card.abstract_text, &none, Within::Page);
    let page = links::paper(&card.key);
    let arxiv = card.key.arxiv_id().map(links::arxiv);
    view! {
        <article class="paper shared" aria-labelledby="title">
            <header>
                <p class="kicker">{if card.bookmarked { "In your bookmarks" } else { "Shared with Broadsheet" }}</p>
                <h1 id="title" inner_html=title></h1>
                <Authors rest=links::authors(&card.key) card=card.clone()/>
            </header>
            <div class="out">
                <BookmarkForm key=card.key.clone() bookmarked=card.bookmarked back=Some(page.clone())/>
                <ul>
                    <li><a class="button" href=page>"Open"</a></li>
                    {arxiv.map(|href| view! { <li><a class="button" href=href>"arXiv"</a></li> })}
                </ul>
            </div>
            {(!card.abstract_text.is_empty()).then(|| view! { <p class="abstract" inner_html=summary></p> })}
        </article>
    }
}

#[component]
fn Absent(id: ArxivId, can_fetch: bool) -> impl IntoView {
    view! {
        <div class="nothing">
            <h1>{format!("{id} not found")}</h1>
            <FetchForm id can_fetch/>
        </div>
    }
}

#[component]
fn NoPaper(search: String) -> impl IntoView {
    view! {
        <div class="nothing">
            <h1>"No arXiv link found"</h1>
            <p role="alert">"Share a link from arXiv, Hugging Face or alphaXiv, or an arXiv id such as 2510.01234. You can also search by title."</p>
            <form class="search" role="search" action="/">
                <label class="vh" for="q">"Search papers"</label>
                <input id="q" type="search" name="q" value=search placeholder="Search papers, authors, ids" maxlength="1000"/>
                <button>"Search"</button>
            </form>
        </div>
    }
}

/// The paper with its bookmark button; without a paper, the reason and a search.
#[component]
pub fn SharePage(
    /// What was found.
    state: ShareState,
) -> impl IntoView {
    let inner = match state {
        ShareState::Paper { card } => view! { <Shared card=*card/> }.into_any(),
        ShareState::Absent { id, can_fetch } => view! { <Absent id can_fetch/> }.into_any(),
        ShareState::NoPaper { search } => view! { <NoPaper search/> }.into_any(),
    };
    view! { <main id="main" tabindex="-1" class="measure">{inner}</main> }.into_any()
}
