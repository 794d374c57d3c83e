//! A page of cards and what comes after it.

use backend::{search::Marks, store::Page};
use domain::{Listing, Sort, paper::Published};
use jiff::civil::Date;
use leptos::prelude::*;

use super::{Card, CardMark};
use crate::links;

/// The cards of one page, as the APG feed pattern has them, and the real link to the next.
#[component]
pub fn Feed(page: Page, listing: Listing, label: String, today: Date) -> impl IntoView {
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
            view! { <Card card mark position window today marks=marks.clone()/> }
        })
        .collect_view();
    view! {
        <div class="feed" role="feed" aria-busy="false" aria-label=label data-news=news>{cards}</div>
        {next.map(|href| view! { <a class="next" rel="next" href=href>"More papers"</a> })}
    }
    .into_any()
}
