//! A paper in a list.

use domain::marks::Marks;
use domain::{
    PaperKey, Window,
    listing::COUNTED_TO,
    paper::{PaperCard, Published, Signal},
};
use jiff::civil::Date;
use leptos::prelude::*;

use super::{Announced, Authors, Code, HeatLine, Total, Within, rich, title_text};
use crate::links;

/// Abstracts longer than this are clamped to four lines and get "more"; shorter ones fit.
const LONG_ABSTRACT: usize = 420;

/// What stands in the margin of a card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CardMark {
    /// Its place in the list, from 1.
    Rank(u32),
    /// When it came out.
    Date(Option<Published>),
}

#[component]
fn Mark(mark: CardMark) -> impl IntoView {
    let inner = match mark {
        CardMark::Rank(rank) => view! { <span class="no">{rank}</span> }.into_any(),
        CardMark::Date(None) => ().into_any(),
        CardMark::Date(Some(published)) => {
            let (day, month) = (
                published.day().strftime("%-d").to_string(),
                published.day().strftime("%b").to_string(),
            );
            let (month, year) = (month, published.day().year());
            match published {
                Published::Month(_) => view! { <time datetime=published.label()><small>{format!("{month} {year}")}</small></time> }.into_any(),
                _ => view! { <time datetime=published.label()>{day} " " <small>{month}</small></time> }.into_any(),
            }
        }
    };
    view! { <p class="card-mark">{inner}</p> }
}

/// A date in words, as exact as it is known.
pub(crate) fn date_words(published: Published) -> String {
    match published {
        Published::Month(first) => first.strftime("%B %Y").to_string(),
        _ => published.day().strftime("%-d %B %Y").to_string(),
    }
}

/// The button that keeps a paper, as a form that works by itself.
#[component]
pub fn BookmarkForm(
    key: PaperKey,
    bookmarked: bool,
    /// Whether it is read, where that is shown.
    #[prop(optional_no_strip)]
    read: Option<bool>,
    #[prop(optional_no_strip)] back: Option<String>,
) -> impl IntoView {
    view! {
        <form class="bookmark" method="post" action="/fn/bookmark">
            <input type="hidden" name="paper" value=key.to_string()/>
            <input type="hidden" name="bookmarked" value=(!bookmarked).to_string()/>
            {back.map(|back| view! { <input type="hidden" name="back" value=back/> })}
            {read.map(|read| view! { <button class="read plain" formaction="/fn/mark_read" name="read" value=(!read).to_string() aria-pressed=read.to_string()>"Read"</button> })}
            <button class="keep" aria-pressed=bookmarked.to_string()>"Bookmark"<span class="ed" aria-hidden="true">"ed"</span></button>
        </form>
    }
    .into_any()
}

/// One paper. `position` counts from 1 over all pages; `bookmark_back` is where a reader without JavaScript lands
/// after taking it back.
#[component]
pub fn Card(
    card: PaperCard,
    mark: CardMark,
    position: u32,
    window: Window,
    today: Date,
    marks: Marks,
    /// How many papers the whole list has.
    total: u64,
    /// Which of the reader's mutes it falls under.
    #[prop(optional_no_strip)]
    muted: Option<String>,
    #[prop(optional_no_strip)] bookmark_back: Option<String>,
) -> impl IntoView {
    let slug = card.key.slug();
    let title_id = format!("title-{slug}");
    let title = rich(&card.title, &marks, Within::Link);
    let is_muted = muted.is_some();
    // Narrowed lists are counted only so far; beyond, the size is not known (`aria-setsize` has -1 for that).
    let size = if total == COUNTED_TO + 1 {
        "-1".to_owned()
    } else {
        total.to_string()
    };
    let has_abstract = !card.abstract_text.is_empty();
    let long = card.abstract_text.chars().count() > LONG_ABSTRACT;
    let summary = rich(&card.abstract_text, &marks, Within::Card);
    let href = links::paper(&card.key);
    let find = card
        .key
        .arxiv_id()
        .is_none()
        .then(|| links::find_on_arxiv(&title_text(&card.title)));
    let arxiv = card.key.arxiv_id().cloned();
    let code = card.code.clone();
    let bib = links::bib(&card.key);
    let heat = card.heat;
    let foot = {
        let category = card.primary_category.clone().map(|category| {
            let href = links::category(&category);
            view! { <li><a href=href>{category.to_string()}</a></li> }
        });
        let date = card.published.map(
            |published| view! { <li><time datetime=published.label()>{date_words(published)}</time></li> },
        );
        let total = |signal, count: Option<u32>| {
            let history = card.history.clone();
            count.map(|count| view! { <li><Total signal count history today/></li> })
        };
        let upvotes = total(Signal::Upvotes, card.upvotes);
        let stars = total(Signal::Stars, card.stars);
        view! { <ul class="facts">{category}{date}<Announced said=card.announcement today/>{upvotes}{stars}</ul> }
    };
    view! {
        <article class="card" class:is-read=card.read class:is-muted=is_muted id=format!("paper-{slug}") aria-labelledby=title_id.clone() aria-posinset=position aria-setsize=size tabindex="0">
            <Mark mark/>
            <h2 class="card-title" id=title_id.clone()><a href=href inner_html=title></a></h2>
            {muted.map(|why| view! { <p class="why-muted">{format!("Muted: {why}")}" · "<a href="/reading">"change"</a></p> })}
            <Authors card=card.clone()/>
            {has_abstract.then(|| view! { <p class="abstract" class:long=long inner_html=summary></p> })}
            {long.then(|| view! {
                <details class="more"><summary>
                    <span class="word"><span class="on-shut">"more"</span><span class="on-open">"less"</span></span><span class="vh">" of the abstract"</span>
                </summary></details>
            })}
            {heat.map(|report| view! { <HeatLine report window/> })}
            <div class="card-foot">
                {foot}
                <ul class="links">
                    {code.map(|code| view! { <li><Code code/></li> })}
                    {arxiv.map(|id| view! {
                        <li><a href=links::arxiv(&id)>"arXiv"</a></li>
                        <li><a href=links::pdf(&id)>"PDF"</a></li>
                    })}
                    {find.map(|url| view! { <li><a href=url rel="nofollow">"find on arXiv"</a></li> })}
                    <li><a class="cite" href=bib>"cite"</a></li>
                    <li><a class="share" href=links::paper(&card.key)>"share"</a></li>
                </ul>
                <BookmarkForm key=card.key bookmarked=card.bookmarked read=Some(card.read) back=bookmark_back/>
            </div>
        </article>
    }
    .into_any()
}
