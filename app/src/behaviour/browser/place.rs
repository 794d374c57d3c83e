//! Coming back to the same card at the same height.

use std::rc::Rc;

use web_sys::{Element, ScrollRestoration};

use super::{
    cards::{CARDS, CARDS_OF_PAGE, focus_quietly, last_card},
    dom::{all, document, get, listen, next_frame, window},
    fragment::{Source, parse_cards, request_cards},
    listing::Listing,
};
use crate::behaviour::pure::Place;

/// How far from its place a card may stay, in pixels. The browser scrolls by whole pixels, so half a pixel always remains
/// possible.
const TOLERANCE: f64 = 0.6;
/// A card has settled when it did not move for this many frames.
const STILL_FRAMES: u32 = 4;
/// After this many frames, a second, it is left where it is.
const MOST_FRAMES: u32 = 60;

/// The key of this page in the session storage.
fn store_key() -> Option<String> {
    let location = window().location();
    Some(format!(
        "place:{}{}",
        location.pathname().ok()?,
        location.search().ok()?
    ))
}

/// Saves the place whenever the page is left.
pub fn remember(listing: Rc<Listing>) {
    listen(&window(), "pagehide", move |_| {
        // On the way back the browser scrolls by itself until this code has started.
        set_scroll_restoration(ScrollRestoration::Auto);
        let (Some(key), Ok(Some(storage)), Some(card)) =
            (store_key(), window().session_storage(), card_in_sight())
        else {
            return;
        };
        let place = Place {
            card: card.id(),
            // Rounded: a cut would add up to a pixel to the tolerance of `hold_in_place`.
            top: (card.get_bounding_client_rect().top() + 0.5).floor() as i32,
            on_page: all(CARDS_OF_PAGE).len(),
            loaded: listing.loaded(),
        };
        let _ = storage.set_item(&key, &place.write());
    });
}

/// The focused card if it is in sight, else the first card in sight. Below the list, or while skeletons fill the window,
/// no card is in sight; then the last one is nearest.
fn card_in_sight() -> Option<Element> {
    let focused = document()
        .active_element()
        .and_then(|element| element.closest(".card").ok()?);
    focused
        .filter(is_in_sight)
        .or_else(|| all(CARDS).into_iter().find(is_in_sight).or_else(last_card))
}

fn is_in_sight(card: &Element) -> bool {
    let place = card.get_bounding_client_rect();
    let height = window()
        .inner_height()
        .ok()
        .and_then(|height| height.as_f64())
        .unwrap_or(0.0);
    place.bottom() > 0.0 && place.top() < height
}

/// Where the further pages come from. After Back, from the cache: the list stays as it was read. After a reload, from the
/// server: the reader wants the current list. `None` when the page was opened afresh.
fn source_of_return() -> Option<Source> {
    let kind = || {
        let entries = window().performance()?.get_entries_by_type("navigation");
        get(&entries.get(0), "type")?.as_string()
    };
    match kind().as_deref() {
        Some("back_forward") => Some(Source::Cache),
        Some("reload") => Some(Source::Server),
        _ => None,
    }
}

/// After a return: loads the further pages again, in order, and scrolls to the card. `None` when there was no place to
/// return to.
pub async fn restore(listing: &Listing) -> Option<()> {
    let source = source_of_return()?;
    let storage = window().session_storage().ok()??;
    let place = Place::read(&storage.get_item(&store_key()?).ok()??)?;
    // If the page now has fewer cards, because a roomier density was chosen, the further pages do not follow on it.
    if all(CARDS_OF_PAGE).len() >= place.on_page {
        load_again(listing, &place.loaded, source).await;
    }
    let card = document().get_element_by_id(&place.card)?;
    // The browser restores the scroll position until the page has loaded. From here on that would work against us.
    set_scroll_restoration(ScrollRestoration::Manual);
    hold_in_place(&card, f64::from(place.top)).await;
    focus_quietly(&card);
    Some(())
}

/// Requests all pages together, and appends them before the browser paints.
async fn load_again(listing: &Listing, urls: &[String], source: Source) {
    if urls.is_empty() {
        return;
    }
    let requests: Vec<_> = urls.iter().map(|url| request_cards(url, source)).collect();
    let mut pages = Vec::new();
    for request in requests {
        pages.push(parse_cards(request).await);
    }
    for (url, page) in urls.iter().zip(pages) {
        // If a page fails, the list ends before it; the link to it is still there.
        let Ok(page) = page else { break };
        listing.append(url, &page);
    }
}

/// Scrolls until a card stands `top` pixels below the upper edge and stays there. Cards out of sight have an estimated
/// height; when they come near, they get their real height and everything below them moves.
async fn hold_in_place(card: &Element, top: f64) {
    let mut still = 0;
    for _ in 0..MOST_FRAMES {
        let now = card.get_bounding_client_rect().top();
        if (now - top).abs() > TOLERANCE {
            window().scroll_by_with_x_and_y(0.0, now - top);
            still = 0;
        } else {
            still += 1;
        }
        if still > STILL_FRAMES {
            break;
        }
        next_frame().await;
    }
}

fn set_scroll_restoration(restoration: ScrollRestoration) {
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(restoration);
    }
}
