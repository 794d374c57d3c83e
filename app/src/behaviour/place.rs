//! Coming back to the same card at the same height.

use std::rc::Rc;

use web_sys::ScrollRestoration;

use super::{
    dom::{From, all, ask_for_cards, cards_of, document, get, listen, next_frame, window},
    listing::{CARDS, Feed, focus_quietly, last_card},
};

/// The cards that came with the page itself.
const OF_THE_PAGE: &str = ".feed > .card";
/// A place has settled when it has not moved for so many frames.
const STILL_FRAMES: u32 = 4;
/// Then it is left as it is: a second.
const MOST_FRAMES: u32 = 60;

/// What is remembered of a page while the reader is elsewhere: lines of text, because that needs no parser. First
/// the card and its height on the screen, then the addresses loaded.
fn store_key() -> Option<String> {
    let location = window().location();
    Some(format!(
        "place:{}{}",
        location.pathname().ok()?,
        location.search().ok()?
    ))
}

/// Remembers the place whenever the page is left.
pub fn keep(feed: Rc<Feed>) {
    listen(&window(), "pagehide", move |_| {
        // On the way back it restores what it can until we are awake.
        browsers_own(ScrollRestoration::Auto);
        let (Some(key), Ok(Some(storage))) = (store_key(), window().session_storage()) else {
            return;
        };
        let focused = document()
            .active_element()
            .and_then(|element| element.closest(".card").ok()?);
        let visible = |card: &web_sys::Element| {
            let place = card.get_bounding_client_rect();
            place.bottom() > 0.0
                && place.top()
                    < window()
                        .inner_height()
                        .ok()
                        .and_then(|height| height.as_f64())
                        .unwrap_or(0.0)
        };
        // Below the list, or while the bars of the next page fill the window, no card is in sight: the last is nearest.
        let card = focused
            .filter(visible)
            .or_else(|| all(CARDS).into_iter().find(visible).or_else(last_card));
        let Some(card) = card else { return };
        let lines = [
            card.id(),
            (card.get_bounding_client_rect().top() as i32).to_string(),
            all(OF_THE_PAGE).len().to_string(),
        ]
        .into_iter()
        .chain(feed.loaded.borrow().iter().cloned())
        .collect::<Vec<_>>()
        .join("\n");
        let _ = storage.set_item(&key, &lines);
    });
}

/// Where the rest of a list comes from when this page was come back to (what was read stays as it was) or loaded again
/// (then it is wanted as it is now); `None` when it was opened.
fn returned_from() -> Option<From> {
    let kind = || {
        let entries = window().performance()?.get_entries_by_type("navigation");
        get(&entries.get(0), "type")?.as_string()
    };
    match kind().as_deref() {
        Some("back_forward") => Some(From::Cache),
        Some("reload") => Some(From::Server),
        _ => None,
    }
}

/// On a return: fetches the pages that were loaded, together, puts them back in order, and scrolls by the difference.
pub async fn restore(feed: &Feed) -> Option<()> {
    let from = returned_from()?;
    let storage = window().session_storage().ok()??;
    let kept = storage.get_item(&store_key()?).ok()??;
    let mut lines = kept.lines();
    let (card, top) = (
        lines.next()?.to_owned(),
        f64::from(lines.next()?.parse::<i32>().ok()?),
    );
    let count: usize = lines.next()?.parse().ok()?;
    // The pages that followed follow on as many papers; a reader who chose a roomier list meanwhile has fewer.
    let urls: Vec<String> = lines
        .filter(|_| all(OF_THE_PAGE).len() >= count)
        .map(str::to_owned)
        .collect();
    if !urls.is_empty() {
        // All are asked for before the first is waited for.
        let asked: Vec<_> = urls.iter().map(|url| ask_for_cards(url, from)).collect();
        let mut pages = Vec::new();
        for asked in asked {
            pages.push(cards_of(asked).await);
        }
        // All are put in place before the browser paints.
        for (url, page) in urls.iter().zip(pages) {
            // A page that does not come ends the row; the link to it is still there.
            let Ok(page) = page else { break };
            feed.append(url, &page);
        }
    }
    let card = document().get_element_by_id(&card)?;
    // The browser goes on restoring by itself until the page has loaded; from here on that would be against us.
    browsers_own(ScrollRestoration::Manual);
    // Cards out of sight have an estimated height until they come near, and then all below them moves: until nothing
    // has moved for some frames.
    let mut still = 0;
    for _ in 0..MOST_FRAMES {
        let now = card.get_bounding_client_rect().top();
        if (now - top).abs() > 1.0 {
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
    focus_quietly(&card);
    Some(())
}

fn browsers_own(restoration: ScrollRestoration) {
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(restoration);
    }
}
