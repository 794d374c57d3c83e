//! Marks papers as read when they are opened or scrolled past, if the reader chose this setting.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{DomRectReadOnly, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use super::{
    cards::CARDS,
    debounce::Debounce,
    dom::{all, document, first, listen, window},
    passed,
    read_marks::{Voice, buttons_of, is_on, set},
};

/// How long to collect cards that were scrolled past before sending them together, in milliseconds.
const GATHER: i32 = 1_500;

/// The setting; `None` if only the reader marks papers.
fn marking() -> Option<String> {
    document().document_element()?.get_attribute("data-marking")
}

/// Marks the paper whose own page this is.
pub fn mark_opened() {
    if marking().is_some()
        && let Some(button) = first("article.paper button.read")
        && !is_on(&button)
    {
        set(vec![button], true, Voice::Silent);
    }
}

/// Begins to mark cards that are scrolled past, where the setting says so.
pub fn watch() {
    if marking().as_deref() == Some("scroll") {
        watch_scrolling();
    }
}

/// A card counts as scrolled past when it was visible and then leaves the window at the top.
fn watch_scrolling() {
    let on_change = Closure::<dyn FnMut(js_sys::Array)>::new(|entries: js_sys::Array| {
        for entry in entries.iter() {
            let entry: IntersectionObserverEntry = entry.unchecked_into();
            let card = entry.target();
            if entry.is_intersecting() {
                let _ = card.set_attribute("data-seen", "");
            } else if card.has_attribute("data-seen") && is_above(&entry.bounding_client_rect()) {
                passed::push(card);
            }
        }
        mark_passed_soon();
    });
    let options = IntersectionObserverInit::new();
    // The masthead covers the top of the window.
    options.set_root_margin("-80px 0px 0px 0px");
    if let Ok(observer) = IntersectionObserver::new_with_options(on_change.as_ref().unchecked_ref(), &options)
    {
        passed::set_observer(observer);
    }
    on_change.forget();
    passed::observe(&all(CARDS));
    listen(&window(), "pagehide", |_| mark_passed());
}

/// Whether a card is above the top edge of the window. Muted cards have no height and never count.
fn is_above(place: &DomRectReadOnly) -> bool {
    place.height() > 0.0 && place.bottom() < 100.0
}

fn mark_passed_soon() {
    thread_local! {
        static SOON: Debounce = Debounce::new(GATHER, mark_passed);
    }
    if !passed::is_empty() {
        SOON.with(Debounce::restart);
    }
}

fn mark_passed() {
    let cards = passed::take();
    if !cards.is_empty() {
        set(buttons_of(&cards), true, Voice::Quiet);
    }
}
