//! A paper in a list.

use domain::{
    Window,
    listing::COUNTED_TO,
    marks::Marks,
    paper::{PaperCard, Published, Signal},
};
use formats::plain_title;
use jiff::civil::Date;
use leptos::prelude::*;

use super::{
    announcement::Announced,
    authors::Authors,
    bookmark_form::BookmarkForm,
    code::Code,
    dates::date_label,
    heat::HeatLine,
    rich_text::{Within, rich},
    total::Total,
};
use crate::links;

/// Abstracts with more characters than this are clamped to four lines and can be unfolded.
const LONG_ABSTRACT: usize = 420;

/// What stands in the margin of a card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CardMark {
    /// Its place in the list, from 1.
    Rank(u32),
    /// When it was published.
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

/// The category, date and counts of a paper.
fn facts(card: &PaperCard, today: Date) -> impl IntoView + use<> {
    let category = card.primary_category.as_ref().map(|category| {
        let href = links::category(category);
        view! { <li class="category"><a href=href>{category.to_string()}</a></li> }
    });
    let date = card
        .published
        .map(|published| view! { <li class="date"><time datetime=published.label()>{date_label(published)}</time></li> });
    let total = |signal, count: Option<u32>| {
        let history = card.history.clone();
        let class = match signal {
            Signal::Upvotes => "upvotes",
            Signal::Stars => "stars",
        };
        count.map(|count| view! { <li class=class><Total signal count history today/></li> })
    };
    let upvotes = total(Signal::Upvotes, card.upvotes);
    let stars = total(Signal::Stars, card.stars);
    let announcement = card.announcement;
    view! { <ul class="facts">{category}{date}<Announced announcement today/>{upvotes}{stars}</ul> }
}

/// Links to the paper elsewhere, its citation, and sharing.
fn link_list(card: &PaperCard) -> impl IntoView + use<> {
    let search = card
        .key
        .arxiv_id()
        .is_none()
        .then(|| links::find_on_arxiv(&plain_title(card)));
    let arxiv = card.key.arxiv_id().cloned();
    view! {
        <ul class="links">
            {card.code.clone().map(|code| view! { <li><Code code/></li> })}
            {arxiv.map(|id| view! {
                <li><a href=links::arxiv(&id)>"arXiv"</a></li>
                <li><a href=links::pdf(&id)>"PDF"</a></li>
            })}
            {search.map(|url| view! { <li><a href=url rel="nofollow">"Find on arXiv"</a></li> })}
            <li><a class="cite" href=links::bib(&card.key)>"Cite"</a></li>
            <li><a class="share" href=links::paper(&card.key)>"Share"</a></li>
        </ul>
    }
}

/// The abstract. A long one is clamped and can be unfolded.
#[component]
fn Abstract(text: String, marks: Marks) -> impl IntoView {
    let long = text.chars().count() > LONG_ABSTRACT;
    (!text.is_empty()).then(|| {
        let within = if long { Within::Clamped } else { Within::Card };
        let html = rich(&text, &marks, within);
        view! {
            <p class="abstract" class:long=long inner_html=html></p>
            {long.then(|| view! {
                <details class="more"><summary>
                    <span class="word"><span class="on-shut">"more"</span><span class="on-open">"less"</span></span><span class="vh">" of the abstract"</span>
                </summary></details>
            })}
        }
    })
}

/// One paper of a list.
#[component]
pub fn Card(
    card: PaperCard,
    mark: CardMark,
    /// Its place in the whole list, from 1.
    position: u32,
    window: Window,
    today: Date,
    marks: Marks,
    /// How many papers the whole list has.
    total: u64,
    /// Which of the reader's mutes hides it.
    #[prop(optional_no_strip)]
    muted: Option<String>,
    /// Where a reader without scripts goes after removing the bookmark.
    #[prop(optional_no_strip)]
    bookmark_back: Option<String>,
) -> impl IntoView {
    let slug = card.key.slug();
    let title_id = format!("title-{slug}");
    let title = rich(&card.title, &marks, Within::Link);
    let is_muted = muted.is_some();
    // Filtered lists are counted only up to a limit. Beyond it, `aria-setsize` is -1: the size is not known.
    let size = if total == COUNTED_TO + 1 {
        "-1".to_owned()
    } else {
        total.to_string()
    };
    let href = links::paper(&card.key);
    view! {
        <article class="card" class:is-read=card.read class:is-muted=is_muted id=format!("paper-{slug}") aria-labelledby=title_id.clone() aria-posinset=position aria-setsize=size tabindex="0">
            <Mark mark/>
            <h2 class="card-title" id=title_id.clone()><a href=href inner_html=title></a></h2>
            {muted.map(|why| view! { <p class="why-muted">{format!("Muted: {why}")}" · "<a href=links::SETTINGS>"Change"</a></p> })}
            <Authors rest=links::authors(&card.key) card=card.clone()/>
            <Abstract text=card.abstract_text.clone() marks/>
            {card.heat.map(|report| view! { <HeatLine report window/> })}
            <div class="card-foot">
                {facts(&card, today)}
                {link_list(&card)}
                <BookmarkForm key=card.key bookmarked=card.bookmarked read=Some(card.read) back=bookmark_back/>
            </div>
        </article>
    }
    .into_any()
}
