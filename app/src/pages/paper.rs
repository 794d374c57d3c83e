//! The page of one paper.

use domain::{
    PaperPage, Window,
    marks::Marks,
    paper::{CodeState, PaperCard, Signal},
    ranking::HeatReport,
    text::grouped,
};
use formats::{cite, plain_title};
use jiff::civil::Date;
use leptos::prelude::*;

use super::paper_details::{Details, details};
use crate::{
    components::{Authors, BookmarkForm, HeatTable, Total, Within, date_label, rich},
    links,
};

/// The number of authors that a page shows before the link to the rest.
const AUTHORS: usize = 20;

/// Categories, date, title and authors.
fn heading(paper: &PaperPage, all_authors: bool) -> impl IntoView + use<> {
    let card = &paper.card;
    let most = if all_authors { usize::MAX } else { AUTHORS };
    let rest = links::all_authors(&card.key);
    let title = rich(&card.title, &Marks::default(), Within::Card);
    let categories = paper
        .categories
        .iter()
        .map(|category| view! { <li><a href=links::category(category)>{category.to_string()}</a></li> })
        .collect_view();
    let date = card
        .published
        .map(|published| view! { <li><time datetime=published.label()>{date_label(published)}</time></li> });
    view! {
        <header>
            <ul class="kicker">{categories}{date}</ul>
            <h1 id="title" inner_html=title></h1>
            <div id="authors"><Authors most rest card=card.clone()/></div>
        </header>
    }
}

fn summary(card: &PaperCard) -> impl IntoView + use<> {
    if card.abstract_text.is_empty() {
        view! { <p class="abstract">"No abstract available."</p> }.into_any()
    } else {
        let html = rich(&card.abstract_text, &Marks::default(), Within::Page);
        view! { <p class="abstract" inner_html=html></p> }.into_any()
    }
}

/// Links to the paper elsewhere, its citation, and the reader's buttons.
fn outgoing_links(card: &PaperCard) -> impl IntoView + use<> {
    let arxiv = card.key.arxiv_id().cloned();
    let search = arxiv.is_none().then(|| links::find_on_arxiv(&plain_title(card)));
    let code = card.code.clone().filter(|code| code.state != CodeState::Gone);
    view! {
        <div class="out">
            <ul>
                {arxiv.map(|id| view! {
                    <li><a class="button" href=links::arxiv(&id)>"arXiv"</a></li>
                    <li><a class="button" href=links::pdf(&id)>"PDF"</a></li>
                })}
                {search.map(|url| view! { <li><a class="button" href=url rel="nofollow">"Find on arXiv"</a></li> })}
                {code.map(|code| view! { <li><a class="button" href=code.url rel="nofollow">"Code"</a></li> })}
                <li><a class="button" href=links::bib(&card.key)>"BibTeX"</a></li>
                <li hidden><button class="share" type="button">"Share"</button></li>
            </ul>
            <BookmarkForm key=card.key.clone() bookmarked=card.bookmarked read=Some(card.read)/>
        </div>
    }
}

/// The totals of upvotes and stars; nothing if none is known.
fn popularity(card: &PaperCard, today: Date) -> impl IntoView + use<> {
    let hugging_face = card.key.arxiv_id().map(links::hugging_face);
    let history = card.history.clone();
    let stars_history = card.history.clone();
    let (upvotes, stars) = (card.upvotes, card.stars);
    (upvotes.is_some() || stars.is_some()).then(|| {
        view! {
            <section class="panel" aria-labelledby="signals">
                <h2 class="caps" id="signals">"Popularity"</h2>
                <table class="terms">
                    <thead><tr><th scope="col">"Signal"</th><th scope="col">"Source"</th><th scope="col">"Total"</th></tr></thead>
                    <tbody>
                        {upvotes.map(|count| view! {
                            <tr><th scope="row">"Upvotes"</th>
                                <td>{match hugging_face {
                                    Some(url) => view! { <a href=url>"Hugging Face"</a> }.into_any(),
                                    None => "Hugging Face".into_any(),
                                }}</td>
                                <td><Total signal=Signal::Upvotes count history today/></td></tr>
                        })}
                        {stars.map(|count| view! {
                            <tr><th scope="row">"Stars"</th><td>"GitHub"</td><td><Total signal=Signal::Stars count history=stars_history today/></td></tr>
                        })}
                    </tbody>
                </table>
            </section>
        }
    })
}

#[component]
fn Trending(report: HeatReport) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="heat">
            <h2 class="caps" id="heat">"Why it’s trending"</h2>
            <HeatTable report window=Window::Week/>
            <p class="note">"“Typical” is the median 30-day gain in this library. "<a href="/about/ranking">"How it’s calculated"</a></p>
        </section>
    }
}

/// The BibTeX entry, with the authors loaded for the page.
fn citation(card: &PaperCard) -> impl IntoView + use<> {
    let shown = card.authors.len();
    let more = (card.author_count > shown).then(|| {
        let count = grouped(card.author_count as u64);
        view! { <p class="note">{format!("Lists the first {shown} of {count} authors. ")}<a href=links::bib(&card.key)>"The BibTeX file lists all"</a></p> }
    });
    view! {
        <section class="panel" aria-labelledby="cite">
            <h2 class="caps" id="cite">"Cite"</h2>
            <button class="copy" type="button" hidden>"Copy BibTeX"</button>
            <pre tabindex="0" role="group" aria-label="BibTeX"><code>{cite::bibtex(card)}</code></pre>
            {more}
        </section>
    }
}

/// Everything known about one paper.
#[component]
pub fn PaperView(
    /// The paper.
    paper: PaperPage,
    /// Whether all authors are shown.
    all_authors: bool,
    /// Today in UTC.
    today: Date,
) -> impl IntoView {
    let details = details(&paper);
    let card = &paper.card;
    let heading = heading(&paper, all_authors);
    let summary = summary(card);
    let outgoing_links = outgoing_links(card);
    let popularity = popularity(card, today);
    let trending = card.heat.map(|report| view! { <Trending report/> });
    let citation = citation(card);
    view! {
        <div class="columns">
            <main id="main" tabindex="-1">
                <article class="paper" aria-labelledby="title">
                    {heading}
                    {paper.removed.then(|| view! { <p class="notice bad">"arXiv has deleted this record. It stays here for readers who bookmarked it, but no list shows it."</p> })}
                    {summary}
                    {outgoing_links}
                    {popularity}
                    {trending}
                    {citation}
                </article>
            </main>
            <Details details/>
        </div>
    }
    .into_any()
}
