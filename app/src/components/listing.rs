//! A page of cards and what comes after it.

use domain::Page;
use domain::marks::Marks;
use domain::{Listing, Mutes, Sort, paper::Published};
use jiff::civil::Date;
use leptos::prelude::*;

use super::{Card, CardMark};
use crate::links;

/// The cards of one page, as the APG feed pattern has them, and the real link to the next.
#[component]
pub fn Feed(page: Page, listing: Listing, label: String, today: Date, mutes: Mutes) -> impl IntoView {
    let marks = Marks::of(&listing.query);
    let by_date = listing.order() == Sort::New;
    let window = if listing.order() == Sort::Trending {
        listing.span()
    } else {
        domain::Window::Week
    };
    let next = page.next.map(|cursor| listing.url_after(&cursor));
    // Only the first page waits for news; the later ones belong to it.
    let news = (page.seen == 0).then(|| links::events(&listing, page.newest));
    let total = page.total;
    let all_read = page.cards.iter().all(|card| card.read);
    let mut names = String::new();
    let mut folded = 0_u64;
    let cards = page
        .cards
        .into_iter()
        .zip(page.seen + 1..)
        .map(|(card, position)| {
            let mark = if by_date {
                // The date that orders the list.
                CardMark::Date(card.announced_on.map(Published::Day).or(card.published))
            } else {
                CardMark::Rank(position)
            };
            let muted = mutes.reason(&card.title, &card.abstract_text, card.primary_category.as_ref());
            folded += u64::from(muted.is_some());
            names.push_str(&card.key.to_string());
            names.push(' ');
            view! { <Card card mark position window today marks=marks.clone() total muted/> }
        })
        .collect_view();
    view! {
        {(!mutes.is_empty()).then(|| view! { <Muted folded/> })}
        <div class="feed" role="feed" aria-busy="false" aria-label=label data-news=news>{cards}</div>
        <AllRead names all_read/>
        {next.map(|href| view! { <a class="next" rel="next" href=href>"More papers"</a> })}
    }
    .into_any()
}

/// "3 muted: show". A tick box, so that it works without JavaScript; style does the folding.
#[component]
fn Muted(folded: u64) -> impl IntoView {
    let is_none = folded == 0;
    view! {
        <p class="muted-line" hidden=is_none>
            <input type="checkbox" class="vh" id="show-muted"/>
            <label for="show-muted"><span class="number">{folded}</span>" muted: "<span class="word"><span class="on-shut">"show"</span><span class="on-open">"hide"</span></span></label>
        </p>
    }
}

/// Marks every paper above as read, or back. Without JavaScript "above" is this page.
#[component]
fn AllRead(names: String, all_read: bool) -> impl IntoView {
    let words = if all_read {
        "Mark all above as unread"
    } else {
        "Mark all above as read"
    };
    view! {
        <form class="all-read" method="post" action="/fn/mark_read">
            <input type="hidden" name="papers" value=names.trim_end().to_owned()/>
            <input type="hidden" name="read" value=(!all_read).to_string()/>
            <button class="plain">{words}</button>
        </form>
    }
}
