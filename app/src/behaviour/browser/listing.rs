//! The endless list: follows the real link to the next page when it comes near, and moves that page's cards in.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Document, Element, Event, HtmlElement, IntersectionObserver, IntersectionObserverEntry,
    IntersectionObserverInit,
};

use super::{
    cards::{CARDS, beside, focus_quietly, last_card},
    dom::{around, document, element, first, listen},
    fragment::{Source, fetch_cards},
    placeholder,
};

/// How far before the end the next page is fetched, as a margin of the window. Half a window for the first further page,
/// because many readers look only at the front page. Then far enough for fast scrolling by thumb.
const AHEAD: [&str; 2] = ["50% 0px", "250% 0px"];

/// After this many pages in a row that show no card, because all are muted, the reader must ask for the next one.
const MOST_BARREN: u32 = 2;

/// What others do when the list grows.
pub struct Hooks {
    /// Called with the new cards, in order.
    pub appended: fn(&[Element]),
    /// Called when a page that was scrolled to is in place.
    pub loaded: fn(),
}

/// The list of this page.
pub struct Listing {
    list: Element,
    hooks: Hooks,
    /// One for the first further page, one for the others.
    observers: Vec<IntersectionObserver>,
    loading: Cell<bool>,
    /// How many pages in a row showed no card.
    barren: Cell<u32>,
    /// The addresses loaded so far, in order.
    loaded: RefCell<Vec<String>>,
}

impl Listing {
    /// The list of this page, if it has one.
    pub fn of_page(hooks: Hooks) -> Option<Rc<Self>> {
        let list = first(".feed")?;
        let listing = Rc::new_cyclic(|listing: &Weak<Self>| Self {
            list,
            hooks,
            observers: observers(listing),
            loading: Cell::new(false),
            barren: Cell::new(0),
            loaded: RefCell::default(),
        });
        let clicked = listing.clone();
        listen(&document(), "click", move |event: Event| {
            if around(&event, "a.next, .retry button").is_some() {
                event.prevent_default();
                clicked.barren.set(0);
                clicked.clone().load_next();
            }
        });
        Some(listing)
    }

    /// The addresses loaded so far, in order.
    pub fn loaded(&self) -> Vec<String> {
        self.loaded.borrow().clone()
    }

    /// Watches the link to the next page, if there is one. Must be called again after each page: an observer reports a
    /// link that stays in sight only once.
    pub fn watch(&self) {
        for observer in &self.observers {
            observer.disconnect();
        }
        // Muted cards have no height: the link would stay in sight until the whole library is loaded.
        if let Some(next) = first("a.next").filter(|_| self.barren.get() < MOST_BARREN)
            && let Some(observer) = self.observers.get(usize::from(!self.loaded.borrow().is_empty()))
        {
            observer.observe(&next);
        }
    }

    fn load_next(self: Rc<Self>) {
        let Some(url) = first("a.next").and_then(|next| next.get_attribute("href")) else {
            return;
        };
        if self.loading.replace(true) {
            return;
        }
        let _ = self.list.set_attribute("aria-busy", "true");
        let retried = placeholder::take_retry_away();
        let skeleton = placeholder::show_skeleton(&self.list);
        spawn_local(async move {
            let page = fetch_cards(&url, Source::Server).await;
            if let Some(skeleton) = skeleton {
                skeleton.remove();
            }
            match page {
                Ok(page) => {
                    let last = last_card();
                    self.append(&url, &page);
                    // The focus was on Retry, which is gone: it moves to the first new card.
                    if retried && let Some(card) = last.and_then(|last| beside(&last, 1)) {
                        focus_quietly(&card);
                    }
                    (self.hooks.loaded)();
                    self.watch();
                }
                Err(_) => placeholder::offer_retry(),
            }
            let _ = self.list.set_attribute("aria-busy", "false");
            self.loading.set(false);
        });
    }

    /// Moves the cards of a fetched page in, as a part of its own, and takes over its link to the next page, or its end.
    pub fn append(&self, url: &str, page: &Document) {
        self.loaded.borrow_mut().push(url.to_owned());
        let Some(part) = element("div", "part", "") else {
            return;
        };
        let cards = move_new_cards(page, &part);
        let shown = cards
            .iter()
            .filter(|card| !card.class_list().contains("is-muted"))
            .count();
        if let Some(part) = part.dyn_ref::<HtmlElement>().filter(|_| !cards.is_empty()) {
            // Style estimates the height of the part from this until it comes into sight.
            let _ = part.style().set_property("--cards", &shown.to_string());
            let _ = self.list.append_child(part);
        }
        self.barren
            .set(if shown == 0 { self.barren.get() + 1 } else { 0 });
        (self.hooks.appended)(&cards);
        take_over_next(page);
    }
}

/// Two observers that load the next page when its link comes near.
fn observers(listing: &Weak<Listing>) -> Vec<IntersectionObserver> {
    let listing = listing.clone();
    let on_change = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let near = entries.iter().any(|entry| {
            entry
                .unchecked_into::<IntersectionObserverEntry>()
                .is_intersecting()
        });
        if near && let Some(listing) = listing.upgrade() {
            listing.load_next();
        }
    });
    let observers = AHEAD
        .iter()
        .filter_map(|ahead| {
            let options = IntersectionObserverInit::new();
            options.set_root_margin(ahead);
            IntersectionObserver::new_with_options(on_change.as_ref().unchecked_ref(), &options).ok()
        })
        .collect();
    on_change.forget();
    observers
}

/// Moves the cards of a page into a part, except those that the list has already.
fn move_new_cards(page: &Document, part: &Element) -> Vec<Element> {
    let mut moved = Vec::new();
    let Ok(cards) = page.query_selector_all(CARDS) else {
        return moved;
    };
    for index in 0..cards.length() {
        let Some(card) = cards.item(index).and_then(|card| card.dyn_into::<Element>().ok()) else {
            continue;
        };
        if document().get_element_by_id(&card.id()).is_none() {
            let _ = part.append_child(&card);
            moved.push(card);
        }
    }
    moved
}

/// Makes the link to the next page lead on from a fetched page, or replaces it by that page's end of the list.
fn take_over_next(page: &Document) {
    let Some(old) = first("a.next") else { return };
    match page.query_selector("a.next").ok().flatten() {
        Some(new) => {
            if let Some(href) = new.get_attribute("href") {
                let _ = old.set_attribute("href", &href);
            }
        }
        None => {
            if let Ok(Some(end)) = page.query_selector(".end") {
                let _ = old.insert_adjacent_element("afterend", &end);
            }
            old.remove();
        }
    }
}
