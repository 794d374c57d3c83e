//! What a browser adds to a page that is already whole: the one island.
//!
//! It listens on the document, so that cards appended later behave like the first ones, and does everything through
//! the markup that works without it: it presses the real forms and follows the real links.

#[cfg(target_arch = "wasm32")]
mod banner;
#[cfg(target_arch = "wasm32")]
mod bookmark;
#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod listing;
#[cfg(target_arch = "wasm32")]
mod news;
#[cfg(target_arch = "wasm32")]
mod offline;
#[cfg(target_arch = "wasm32")]
mod place;
#[cfg(target_arch = "wasm32")]
mod read_marks;
#[cfg(target_arch = "wasm32")]
mod share;
#[cfg(target_arch = "wasm32")]
mod theme;
#[cfg(target_arch = "wasm32")]
mod toast;
#[cfg(target_arch = "wasm32")]
mod turn;
#[cfg(target_arch = "wasm32")]
mod worker;

use leptos::prelude::*;

/// Endless scrolling, keys, optimistic bookmarks, theme. Renders nothing.
#[island]
pub fn Behaviour() -> impl IntoView {
    #[cfg(target_arch = "wasm32")]
    start();
}

#[cfg(target_arch = "wasm32")]
fn start() {
    turn::start();
    theme::start();
    banner::start();
    bookmark::start();
    read_marks::start();
    share::start();
    keys::start();
    listing::start();
    news::start();
    offline::start();
    // For tests, and for style that depends on it.
    if let Some(root) = dom::document().document_element() {
        let _ = root.set_attribute("data-awake", "true");
    }
}
