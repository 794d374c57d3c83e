//! Keyboard shortcuts, as feed readers have them. They do nothing in a form field or together with a modifier key.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, KeyboardEvent};

use super::{
    cards::{CARDS, beside, last_card},
    dom::{document, first, listen, window},
    keys_help, muted, read_marks, share, toast,
};

/// Pixels from the upper edge at which a card counts as the one being read: just under the masthead.
const UNDER_THE_MASTHEAD: f64 = 110.0;

/// How long `g` waits for its second key, in milliseconds.
const GO_WAIT: f64 = 1_500.0;

const OPEN: &str = ".card-title a";
const ARXIV: &str = ".links a[href^='https://arxiv.org/abs/'], .out a[href^='https://arxiv.org/abs/'], .links a[href^='https://arxiv.org/search']";

thread_local! {
    /// When `g` was pressed, in the milliseconds of events.
    static GO_PRESSED: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
    /// The last card, if `j` was pressed on it and waits for the next page.
    static WAITING_AFTER: Cell<Option<Element>> = const { Cell::new(None) };
}

/// Listens for keys.
pub fn start() {
    keys_help::show_beside_list();
    listen(&document(), "keydown", |event: Event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else {
            return;
        };
        if (event.ctrl_key() || event.meta_key()) && leave_list(&event) {
            event.prevent_default();
            return;
        }
        if event.ctrl_key()
            || event.meta_key()
            || event.alt_key()
            || event.default_prevented()
            || in_field(&event)
        {
            return;
        }
        if press(&event) {
            event.prevent_default();
        }
    });
}

fn target(event: &KeyboardEvent) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()
}

fn in_field(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|target| {
        target
            .matches("input, textarea, select, [contenteditable], dialog, dialog *")
            .unwrap_or(false)
    })
}

/// Acts on a key. True if the key means something.
fn press(event: &KeyboardEvent) -> bool {
    let mut key = event.key();
    // With caps lock, `m` must not become `M`.
    if key.len() == 1 && !event.shift_key() {
        key.make_ascii_lowercase();
    }
    // A key that is held down repeats only while walking the list.
    if event.repeat() && !["j", "k", "PageDown", "PageUp"].contains(&key.as_str()) {
        return false;
    }
    WAITING_AFTER.set(None);
    let go_pressed = GO_PRESSED.replace(f64::NEG_INFINITY);
    if event.time_stamp() - go_pressed < GO_WAIT {
        return match key.as_str() {
            "h" => go("/"),
            "b" => go("/bookmarks"),
            _ => false,
        };
    }
    match key.as_str() {
        "j" => step(1),
        "k" => step(-1),
        // As the ARIA feed pattern wants it inside a list. Elsewhere these keys are the browser's.
        "PageDown" if in_list() => step(1),
        "PageUp" if in_list() => step(-1),
        // Enter on a link or button is the browser's.
        "Enter" => {
            target(event).is_some_and(|target| target.class_list().contains("card") && click(&target, OPEN))
        }
        "/" => first("#q")
            .and_then(|field| field.dyn_into::<HtmlElement>().ok())
            .is_some_and(|field| field.focus().is_ok()),
        "g" => {
            GO_PRESSED.set(event.time_stamp());
            true
        }
        "u" => toast::undo(),
        "?" => keys_help::show_dialog(),
        key => press_on_card(key),
    }
}

/// Acts on a key that means the current card.
fn press_on_card(key: &str) -> bool {
    let act: fn(&Element) -> bool = match key {
        "o" => |card| click(card, OPEN),
        "v" => |card| click(card, ARXIV),
        "b" => bookmark,
        "e" => expand,
        "m" => read_marks::toggle_card,
        "M" => read_marks::mark_down_to,
        "c" => share::cite,
        "y" => share::copy_link,
        _ => return false,
    };
    current().is_some_and(|card| act(&card))
}

fn in_list() -> bool {
    document()
        .active_element()
        .is_some_and(|element| element.closest(".feed").is_ok_and(|list| list.is_some()))
}

/// Ctrl+End leaves the list forwards, Ctrl+Home backwards. Tab cannot: the list grows as it is walked.
fn leave_list(event: &KeyboardEvent) -> bool {
    if !in_list() {
        return false;
    }
    let out = match event.key().as_str() {
        "End" => first(".aside a, .foot a"),
        "Home" => first(".densities [aria-pressed=true]").or_else(|| first(".search input")),
        _ => None,
    };
    out.and_then(|out| out.dyn_into::<HtmlElement>().ok())
        .is_some_and(|out| out.focus().is_ok())
}

fn go(path: &str) -> bool {
    window().location().assign(path).is_ok()
}

/// The card that has the focus, else the first one in sight. On a paper's own page, that paper.
fn current() -> Option<Element> {
    if let Some(card) = document()
        .active_element()
        .and_then(|element| element.closest(".card").ok()?)
    {
        return Some(card);
    }
    first("article.paper").or_else(in_sight)
}

/// The card under the masthead; below the list its last card, above it its first. Looked up by its position on the
/// screen, because a list may have thousands of cards.
fn in_sight() -> Option<Element> {
    let list = first(".feed")?;
    let edges = list.get_bounding_client_rect();
    let under = document()
        .element_from_point(
            (edges.left() + edges.width() / 2.0) as f32,
            UNDER_THE_MASTHEAD as f32,
        )
        .and_then(|element| element.closest(CARDS).ok()?);
    under.or_else(|| {
        if edges.bottom() < UNDER_THE_MASTHEAD {
            last_card()
        } else {
            visible(list.first_element_child(), 1)
        }
    })
}

/// This card, or the nearest one after it that is not hidden; with a negative `by`, before it.
fn visible(card: Option<Element>, by: isize) -> Option<Element> {
    let mut card = card;
    while let Some(here) = card {
        if !muted::hides(&here) {
            return Some(here);
        }
        card = beside(&here, by);
    }
    None
}

fn focus(card: Element) -> bool {
    card.dyn_into::<HtmlElement>()
        .is_ok_and(|card| card.focus().is_ok())
}

/// Cards were appended: if `j` waited for them, it goes on to the first one.
pub fn go_on() {
    let after = WAITING_AFTER.take().and_then(|card| visible(beside(&card, 1), 1));
    if let Some(card) = after {
        focus(card);
    }
}

fn step(by: isize) -> bool {
    let focused = document()
        .active_element()
        .and_then(|element| element.closest(CARDS).ok()?);
    let next = match &focused {
        Some(card) => visible(beside(card, by), by),
        None => in_sight(),
    };
    if let Some(card) = next {
        return focus(card);
    }
    // After the last card: load the next page. `go_on` then moves to its first card.
    by > 0
        && first("a.next")
            .and_then(|next| next.dyn_into::<HtmlElement>().ok())
            .is_some_and(|next| {
                WAITING_AFTER.set(last_card());
                next.click();
                true
            })
}

fn click(within: &Element, selector: &str) -> bool {
    let Ok(Some(link)) = within.query_selector(selector) else {
        return false;
    };
    link.dyn_into::<HtmlElement>().is_ok_and(|link| {
        link.click();
        true
    })
}

fn bookmark(card: &Element) -> bool {
    let Ok(Some(form)) = card.query_selector("form.bookmark") else {
        return false;
    };
    form.dyn_into::<HtmlFormElement>()
        .is_ok_and(|form| form.request_submit().is_ok())
}

fn expand(card: &Element) -> bool {
    let Ok(Some(more)) = card.query_selector("details.more") else {
        return false;
    };
    let _ = more.toggle_attribute("open");
    true
}
