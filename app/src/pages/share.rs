//! A paper that another program shared, and the button that keeps it.

use domain::marks::Marks;
use domain::{ArxivId, paper::PaperCard};
use leptos::prelude::*;

use crate::{
    components::{Authors, BookmarkForm, Within, rich},
    links,
};

/// What came of what was shared.
#[derive(Debug, Clone, PartialEq)]
pub enum ShareState {
    /// It names this paper.
    Paper {
        /// The paper.
        card: Box<PaperCard>,
    },
    /// It names a paper that is not to be had.
    Absent {
        /// Which.
        id: ArxivId,
        /// Why, in words.
        why: String,
    },
    /// It names none.
    NoPaper {
        /// What of it could be searched for.
        search: String,
    },
}

/// One paper and one button; without a paper, words and the search.
#[component]
pub fn SharePage(state: ShareState) -> impl IntoView {
    let inner = match state {
        ShareState::Paper { card } => {
            let none = Marks::default();
            let title = rich(&card.title, &none, Within::Card);
            let summary = rich(&card.abstract_text, &none, Within::Page);
            let page = links::paper(&card.key);
            let arxiv = card.key.arxiv_id().map(links::arxiv);
            view! {
                <article class="paper shared" aria-labelledby="title">
                    <header>
                        <p class="kicker">{if card.bookmarked { "Among your bookmarks" } else { "Shared with Broadsheet" }}</p>
                        <h1 id="title" inner_html=title></h1>
                        <Authors card=(*card).clone()/>
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
            .into_any()
        }
        ShareState::Absent { id, why } => view! {
            <div class="nothing">
                <h1>{format!("{id} is not here")}</h1>
                <p role="alert">{why}</p>
                <p><a href=links::arxiv(&id)>"Look at arXiv"</a></p>
            </div>
        }
        .into_any(),
        ShareState::NoPaper { search } => view! {
            <div class="nothing">
                <h1>"No arXiv paper in what was shared"</h1>
                <p role="alert">"A link to arXiv, Hugging Face or alphaXiv names its paper, and so does an arXiv id such as 2510.01234. Any other can be searched for by its title."</p>
                <form class="search" role="search" action="/">
                    <label class="vh" for="q">"Search papers"</label>
                    <input id="q" type="search" name="q" value=search placeholder="Search papers, authors, ids" maxlength="1000"/>
                    <button>"Search"</button>
                </form>
            </div>
        }
        .into_any(),
    };
    view! { <main id="main" tabindex="-1" class="measure">{inner}</main> }.into_any()
}
