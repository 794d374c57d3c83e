//! Starts every part of the behaviour and connects them.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, PageTransitionEvent};

use super::{
    auto_read, banner, bookmark, connection, cookies, density,
    dom::{document, listen, window},
    keys,
    listing::{Hooks, Listing},
    muted, news, passed, pending, place, read_marks, reader_states, share, theme, turn,
};

/// Called once, when the module has loaded.
pub fn start() {
    turn::start();
    theme::start();
    banner::start();
    bookmark::start(connection::lost);
    read_marks::start();
    density::start();
    auto_read::mark_opened();
    share::start();
    keys::start();
    cookies::note_settings();
    start_listing();
    news::start();
    pending::start();
    // Tests wait for this attribute, and style depends on it.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-awake", "true");
    }
}

fn start_listing() {
    let Some(listing) = Listing::of_page(Hooks {
        appended,
        loaded: keys::go_on,
    }) else {
        return;
    };
    listen(&window(), "pageshow", |event: Event| {
        if event
            .dyn_ref::<PageTransitionEvent>()
            .is_some_and(PageTransitionEvent::persisted)
        {
            restored_from_cache();
        }
    });
    spawn_local(async move {
        let returned = place::restore(&listing).await.is_some();
        // Only now: restoring scrolls too, and must mark nothing.
        auto_read::watch();
        place::remember(listing.clone());
        listing.watch();
        if returned {
            reader_states::refresh().await;
        }
    });
}

fn appended(cards: &[Element]) {
    passed::observe(cards);
    read_marks::update_all_button();
    muted::update_count();
}

/// The page came from the back/forward cache. Bookmarks and read marks may have changed since.
fn restored_from_cache() {
    if cookies::settings_changed() {
        // The page was made for other settings.
        let _ = window().location().reload();
    } else {
        spawn_local(reader_states::refresh());
    }
}
