//! The endless list: follows the real link to the next page when it comes near, and moves that page's cards in.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Document, Element, Event, HtmlElement, IntersectionObserver, IntersectionObserverEntry,
    IntersectionObserverInit,
};

use super::{
    dom::{From, all, around, document, element, fetch_cards, first, listen, window},
    keys, place, read_marks,
};

/// How far before the end the next page is fetched: before any was, half a window, so that who only looks at the front
/// page fetches no more than that; then far enough for a thumb that flicks.
const AHEAD: [&str; 2] = ["50% 0px", "250% 0px"];

/// The cards of the list, in order. Those of the first page lie in the list itself, those of each further page in a
/// part of it: thousands of cards that each watch whether they are in sight cost more a frame than the rest of it.
pub const CARDS: &str = ".feed .card";

/// A card before it is there: bars of the height its lines will have.
const SKELETON: &str = "<div class=card><p class=card-mark><i></i></p><p class=card-title><i></i><i></i></p><p class=authors><i></i></p><p class=abstract><i></i><i></i><i></i><i></i></p><p class=why><i></i></p><div class=card-foot><i></i></div></div>";

/// After so many pages of nothing but muted papers the reader is asked.
const MOST_BARREN: u32 = 2;

/// The list of this page.
pub struct Feed {
    list: Element,
    /// For the first page that follows, and for the others.
    observers: Vec<IntersectionObserver>,
    loading: RefCell<bool>,
    /// Pages in a row of which nothing is to be seen, because all of it is muted.
    barren: Cell<u32>,
    /// The addresses loaded so far, in order.
    pub loaded: RefCell<Vec<String>>,
}

thread_local! {
    /// The cookies that say how this page is to look, as they were when it came.
    static SETTINGS: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The cookies that decide how lists look: density, marking, and when mutes were last changed.
fn settings() -> String {
    let cookies = document()
        .dyn_into::<web_sys::HtmlDocument>()
        .ok()
        .and_then(|page| page.cookie().ok())
        .unwrap_or_default();
    cookies
        .split("; ")
        .filter(|cookie| {
            ["density=", "marking=", "mutes="]
                .iter()
                .any(|name| cookie.starts_with(name))
        })
        .collect()
}

/// The page has been made to fit the cookies as they are now.
pub fn note_settings() {
    SETTINGS.set(settings());
}

pub fn start() {
    SETTINGS.set(settings());
    let Some(list) = first(".feed") else { return };
    let feed = Rc::new_cyclic(|feed: &Weak<Feed>| {
        let watcher = feed.clone();
        let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let near = entries.iter().any(|entry| {
                entry
                    .unchecked_into::<IntersectionObserverEntry>()
                    .is_intersecting()
            });
            if near && let Some(feed) = watcher.upgrade() {
                feed.load_next();
            }
        });
        let observer = |ahead: &str| {
            let options = IntersectionObserverInit::new();
            options.set_root_margin(ahead);
            IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options).ok()
        };
        let observers = AHEAD.iter().filter_map(|ahead| observer(ahead)).collect();
        seen.forget();
        Feed {
            list,
            observers,
            loading: RefCell::new(false),
            barren: Cell::new(0),
            loaded: RefCell::default(),
        }
    });
    let clicked = feed.clone();
    listen(&document(), "click", move |event: Event| {
        if around(&event, "a.next, .retry button").is_some() {
            event.prevent_default();
            clicked.barren.set(0);
            clicked.clone().load_next();
        }
    });
    listen(&window(), "pageshow", |event: Event| {
        // From the back/forward cache: what is kept and read may have changed elsewhere.
        if event
            .dyn_ref::<web_sys::PageTransitionEvent>()
            .is_some_and(web_sys::PageTransitionEvent::persisted)
        {
            // How one reads was changed meanwhile: the page was made for before.
            if settings() != SETTINGS.with_borrow(String::clone) {
                let _ = window().location().reload();
                return;
            }
            spawn_local(read_marks::refresh());
        }
    });
    spawn_local(async move {
        let returned = place::restore(&feed).await.is_some();
        read_marks::watch();
        place::keep(feed.clone());
        feed.watch();
        if returned {
            read_marks::refresh().await;
        }
    });
}

impl Feed {
    /// Watches the link to the next page, if there is one. Anew after each page, because a link that stays in sight
    /// fires only once.
    fn watch(&self) {
        for observer in &self.observers {
            observer.disconnect();
        }
        // What is folded away has no height: the end would stay in sight until the whole library is here.
        if let Some(next) = first("a.next").filter(|_| self.barren.get() < MOST_BARREN)
            && let Some(observer) = self.observers.get(usize::from(!self.loaded.borrow().is_empty()))
        {
            observer.observe(&next);
        }
    }

    fn load_next(self: Rc<Self>) {
        let Some(next) = first("a.next") else { return };
        let Some(url) = next.get_attribute("href") else {
            return;
        };
        if self.loading.replace(true) {
            return;
        }
        let _ = self.list.set_attribute("aria-busy", "true");
        // Whoever pressed Retry goes on at the first card it brings.
        let was_pressed = document()
            .active_element()
            .is_some_and(|element| element.closest(".retry").is_ok_and(|row| row.is_some()));
        for old in all(".retry") {
            old.remove();
        }
        let skeleton = self.show_skeleton();
        spawn_local(async move {
            let page = fetch_cards(&url, From::Server).await;
            if let Some(skeleton) = skeleton {
                skeleton.remove();
            }
            match page {
                Ok(page) => {
                    let last = last_card();
                    self.append(&url, &page);
                    if was_pressed && let Some(card) = last.and_then(|last| beside(&last, 1)) {
                        focus_quietly(&card);
                    }
                    keys::go_on();
                    self.watch();
                }
                Err(_) => self.offer_retry(),
            }
            let _ = self.list.set_attribute("aria-busy", "false");
            *self.loading.borrow_mut() = false;
        });
    }

    /// Moves the cards of a fetched page in, as a part of its own, and takes over its link to the next one, or its end.
    pub fn append(&self, url: &str, page: &Document) {
        self.loaded.borrow_mut().push(url.to_owned());
        let Ok(cards) = page.query_selector_all(CARDS) else {
            return;
        };
        let Some(arrived) = element("div", "part", "") else {
            return;
        };
        let mut fresh = Vec::new();
        for index in 0..cards.length() {
            let Some(card) = cards.item(index).and_then(|card| card.dyn_into::<Element>().ok()) else {
                continue;
            };
            // The last defence against showing a paper twice.
            if document().get_element_by_id(&card.id()).is_none() {
                let _ = arrived.append_child(&card);
                fresh.push(card);
            }
        }
        let shown = fresh
            .iter()
            .filter(|card| !card.class_list().contains("is-muted"))
            .count();
        if let Some(arrived) = arrived.dyn_ref::<HtmlElement>().filter(|_| !fresh.is_empty()) {
            // How high it is as long as nobody has seen it.
            let _ = arrived.style().set_property("--cards", &shown.to_string());
            let _ = self.list.append_child(arrived);
        }
        self.barren
            .set(if shown == 0 { self.barren.get() + 1 } else { 0 });
        read_marks::follow(&fresh);
        read_marks::ask_next();
        read_marks::count_muted();
        let next = page.query_selector("a.next").ok().flatten();
        match (first("a.next"), next) {
            (Some(old), Some(new)) => {
                if let Some(href) = new.get_attribute("href") {
                    let _ = old.set_attribute("href", &href);
                }
            }
            (Some(old), None) => {
                if let Ok(Some(end)) = page.query_selector(".end") {
                    let _ = old.insert_adjacent_element("afterend", &end);
                }
                old.remove();
            }
            _ => {}
        }
    }

    /// Two cards of bars where the next ones will be.
    fn show_skeleton(&self) -> Option<Element> {
        let skeleton = element("div", "skeleton", "")?;
        let _ = skeleton.set_attribute("aria-hidden", "true");
        skeleton.set_inner_html(&SKELETON.repeat(2));
        self.list.insert_adjacent_element("afterend", &skeleton).ok()?
    }

    fn offer_retry(&self) {
        let (Some(next), Some(row), Some(words), Some(button)) = (
            first("a.next"),
            element("div", "retry", ""),
            element("p", "", "The next page did not arrive."),
            element("button", "", "Retry"),
        ) else {
            return;
        };
        let _ = row.set_attribute("role", "alert");
        let _ = button.set_attribute("type", "button");
        let _ = row.append_child(&words);
        let _ = row.append_child(&button);
        let _ = next.insert_adjacent_element("beforebegin", &row);
    }
}

/// The card after this one, or before it with a negative `by`.
pub fn beside(card: &Element, by: isize) -> Option<Element> {
    let step = |from: &Element| {
        if by > 0 {
            from.next_element_sibling()
        } else {
            from.previous_element_sibling()
        }
    };
    let found = step(card).or_else(|| step(&card.closest(".part").ok()??))?;
    within(found, by)
}

/// The last card of the list.
pub fn last_card() -> Option<Element> {
    within(first(".feed")?.last_element_child()?, -1)
}

/// This card; of a part the first one, or the last with a negative `by`.
fn within(found: Element, by: isize) -> Option<Element> {
    if !found.class_list().contains("part") {
        Some(found)
    } else if by > 0 {
        found.first_element_child()
    } else {
        found.last_element_child()
    }
}

/// Focus without moving the page.
pub fn focus_quietly(card: &Element) {
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &JsValue::from_str("preventScroll"), &JsValue::TRUE);
    if let Some(card) = card.dyn_ref::<HtmlElement>()
        && let Ok(focus) = js_sys::Reflect::get(card, &JsValue::from_str("focus"))
        && let Ok(focus) = focus.dyn_into::<js_sys::Function>()
    {
        let _ = focus.call1(card, &options);
    }
}
