//! A page of cards, and the link to the next page.

use domain::{Listing, Mutes, Page, Sort, Window, marks::Marks, paper::Published};
use jiff::civil::Date;
use leptos::prelude::*;

use super::card::{Card, CardMark};
use crate::links;

/// The cards of one page in the ARIA feed pattern, and the real link to the next page.
#[component]
pub fn CardList(
    /// The papers of the page, and the cursor of the next one.
    page: Page,
    /// The listing that the page belongs to.
    listing: Listing,
    /// The name of the list for screen readers.
    label: String,
    /// Today in UTC.
    today: Date,
    /// The mutes of the reader.
    mutes: Mutes,
) -> impl IntoView {
    let marks = Marks::of(&listing.query);
    let by_date = listing.order() == Sort::New;
    let window = if listing.order() == Sort::Trending {
        listing.span()
    } else {
        Window::Week
    };
    let next = page.next.map(|cursor| listing.url_after(&cursor));
    // Only the first page follows events; scripts append the later pages to it.
    let events = (page.seen == 0).then(|| links::events(&listing, page.newest));
    let total = page.total;
    let all_read = page.cards.iter().all(|card| card.read);
    let mut keys = String::new();
    let mut hidden = 0_u64;
    let cards = page
        .cards
        .into_iter()
        .zip(page.seen + 1..)
        .map(|(card, position)| {
            let mark = if by_date {
                // The date by which the list is ordered.
                CardMark::Date(card.announced_on.map(Published::Day).or(card.published))
            } else {
                CardMark::Rank(position)
            };
            let muted = mutes.reason(&card.title, &card.abstract_text, card.primary_category.as_ref());
            hidden += u64::from(muted.is_some());
            keys.push_str(&card.key.to_string());
            keys.push(' ');
            view! { <Card card mark position window today marks=marks.clone() total muted/> }
        })
        .collect_view();
    view! {
        {(!mutes.is_empty()).then(|| view! { <Muted count=hidden/> })}
        <div class="feed" role="feed" aria-busy="false" aria-label=label data-news=events>{cards}</div>
        <AllRead keys all_read/>
        {next.map(|href| view! { <a class="next" rel="next" href=href>"Load more"</a> })}
    }
    .into_any()
}

/// `3 muted · Show`. A check box, so that it works without JavaScript; style hides the cards.
#[component]
fn Muted(count: u64) -> impl IntoView {
    view! {
        <p class="muted-line" hidden={count == 0}>
            <input type="checkbox" class="vh" id="show-muted"/>
            <label for="show-muted"><span class="number">{count}</span>" muted · "<span class="word"><span class="on-shut">"Show"</span><span class="on-open">"Hide"</span></span></label>
        </p>
    }
}

/// Marks all papers of the list as read or unread. Without JavaScript, all papers of this page.
#[component]
fn AllRead(keys: String, all_read: bool) -> impl IntoView {
    let label = if all_read {
        "Mark all as unread"
    } else {
        "Mark all as read"
    };
    view! {
        <form class="all-read" method="post" action="/fn/mark_read">
            <input type="hidden" name="papers" value=keys.trim_end().to_owned()/>
            <input type="hidden" name="read" value=(!all_read).to_string()/>
            <button class="plain">{label}</button>
        </form>
    }
}
