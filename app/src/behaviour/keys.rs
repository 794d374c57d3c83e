//! Keys, as in the readers people love. Never in a field, never over a browser's own chord.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, KeyboardEvent};

use super::{
    dom::{document, element, first, listen, window},
    listing::{CARDS, beside, last_card},
    read_marks, share, toast,
};

/// Pixels from the upper edge at which a card counts as the one being read.
const UNDER_THE_MASTHEAD: f64 = 110.0;

/// How long `g` waits for its second key, in milliseconds.
const WAITS: f64 = 1_500.0;

thread_local! {
    /// When `g` was pressed, which waits for its second key; milliseconds as events have them.
    static GOING: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
    /// `j` was pressed on the last card: that card.
    static GOING_ON: Cell<Option<Element>> = const { Cell::new(None) };
}

pub fn start() {
    if let (Some(place), Some(list)) = (
        first(".keys-help").and_then(|place| place.dyn_into::<HtmlElement>().ok()),
        list(),
    ) {
        let _ = place.append_child(&list);
        place.set_hidden(false);
    }
    listen(&document(), "keydown", |event: Event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else {
            return;
        };
        if (event.ctrl_key() || event.meta_key()) && leave_feed(&event) {
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

fn in_field(event: &KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|target| {
            target
                .matches("input, textarea, select, [contenteditable], dialog, dialog *")
                .unwrap_or(false)
        })
}

/// Does what a key says; true when it said anything.
fn press(event: &KeyboardEvent) -> bool {
    let mut key = event.key();
    // Caps lock is no shift.
    if key.len() == 1 && !event.shift_key() {
        key.make_ascii_lowercase();
    }
    // A key held down walks, and does nothing else again and again.
    if event.repeat() && !["j", "k", "PageDown", "PageUp"].contains(&key.as_str()) {
        return false;
    }
    GOING_ON.set(None);
    let asked = GOING.replace(f64::NEG_INFINITY);
    if event.time_stamp() - asked < WAITS {
        return match key.as_str() {
            "h" => go("/"),
            "b" => go("/bookmarks"),
            _ => false,
        };
    }
    match key.as_str() {
        "j" => step(1),
        "k" => step(-1),
        // As the APG feed pattern has it; elsewhere they are the browser's.
        "PageDown" if in_feed() => step(1),
        "PageUp" if in_feed() => step(-1),
        "o" => current().is_some_and(|card| click(&card, ".card-title a")),
        // Enter on a link or button is the browser's.
        "Enter" => event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|target| target.class_list().contains("card") && click(&target, ".card-title a")),
        "v" => current().is_some_and(|card| click(&card, ".links a[href^='https://arxiv.org/abs/'], .out a[href^='https://arxiv.org/abs/'], .links a[href^='https://arxiv.org/search']")),
        "b" => current().is_some_and(|card| bookmark(&card)),
        "e" => current().is_some_and(|card| expand(&card)),
        "m" => current().is_some_and(|card| read_marks::toggle_card(&card)),
        "M" => current().is_some_and(|card| read_marks::mark_down_to(&card)),
        "c" => current().is_some_and(|card| share::cite(&card)),
        "y" => current().is_some_and(|card| share::copy_link(&card)),
        "/" => first("#q").and_then(|field| field.dyn_into::<HtmlElement>().ok()).is_some_and(|field| field.focus().is_ok()),
        "g" => {
            GOING.set(event.time_stamp());
            true
        }
        "u" => toast::undo(),
        "?" => help(),
        _ => false,
    }
}

fn in_feed() -> bool {
    document()
        .active_element()
        .is_some_and(|element| element.closest(".feed").is_ok_and(|feed| feed.is_some()))
}

/// Ctrl+End leaves a feed forwards, Ctrl+Home backwards: it has no end that Tab would reach.
fn leave_feed(event: &KeyboardEvent) -> bool {
    if !in_feed() {
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

/// The card that has the focus, else the first one in sight; on a paper's own page that paper.
fn current() -> Option<Element> {
    if let Some(card) = document()
        .active_element()
        .and_then(|element| element.closest(".card").ok()?)
    {
        return Some(card);
    }
    first("article.paper").or_else(in_sight)
}

/// The card under the masthead; the first or the last one where the window shows what is around the list. Asked by its
/// place on the screen, because a list may have thousands of cards.
fn in_sight() -> Option<Element> {
    let feed = first(".feed")?;
    let under = feed.get_bounding_client_rect();
    let at = document()
        .element_from_point(
            (under.left() + under.width() / 2.0) as f32,
            UNDER_THE_MASTHEAD as f32,
        )
        .and_then(|element| element.closest(CARDS).ok()?);
    at.or_else(|| {
        if under.bottom() < UNDER_THE_MASTHEAD {
            last_card()
        } else {
            shown(feed.first_element_child(), 1)
        }
    })
}

/// This card, or the nearest one after (or before) it that is not folded away.
fn shown(card: Option<Element>, by: isize) -> Option<Element> {
    let all = read_marks::is_all_shown();
    let mut card = card;
    while let Some(here) = card {
        if all || !here.class_list().contains("is-muted") {
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

/// Cards were appended: `j` goes on if it waits for them and the reader has not gone elsewhere.
pub fn go_on() {
    let after = GOING_ON.take().and_then(|card| shown(beside(&card, 1), 1));
    if let Some(card) = after {
        focus(card);
    }
}

fn step(by: isize) -> bool {
    let focused = document()
        .active_element()
        .and_then(|element| element.closest(CARDS).ok()?);
    let next = match &focused {
        Some(card) => shown(beside(card, by), by),
        None => in_sight(),
    };
    if let Some(card) = next {
        return focus(card);
    }
    // Past the last card: ask for the next page, and go on to its first card when it is here.
    by > 0
        && first("a.next")
            .and_then(|next| next.dyn_into::<HtmlElement>().ok())
            .is_some_and(|next| {
                GOING_ON.set(last_card());
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

/// The keys as a person reads them. They are told here because they do nothing without this code.
const KEYS: [(&str, &str); 13] = [
    ("j k", "next, previous"),
    ("o", "open"),
    ("v", "on arXiv"),
    ("b", "bookmark"),
    ("e", "expand"),
    ("m", "read, unread"),
    ("M", "read down to here"),
    ("c y", "copy BibTeX, link"),
    ("u", "undo"),
    ("/", "search"),
    ("g h", "home"),
    ("g b", "bookmarks"),
    ("?", "these keys"),
];

/// A heading and a list of all keys.
fn list() -> Option<web_sys::DocumentFragment> {
    let (all, heading, list) = (
        document().create_document_fragment(),
        element("h2", "caps", "Keys")?,
        element("dl", "keys", "")?,
    );
    for (keys, does) in KEYS {
        let (term, says) = (element("dt", "", "")?, element("dd", "", does)?);
        for (index, key) in keys.split(' ').enumerate() {
            if index > 0 {
                term.append_with_str_1(" ").ok()?;
            }
            let key = element("kbd", "", key)?;
            term.append_child(&key).ok()?;
        }
        list.append_child(&term).ok()?;
        list.append_child(&says).ok()?;
    }
    all.append_child(&heading).ok()?;
    all.append_child(&list).ok()?;
    Some(all)
}

/// All keys in a dialog, on any page.
fn help() -> bool {
    if first("dialog.keys-dialog").is_some() {
        return true;
    }
    let (Some(dialog), Some(keys), Some(inner), Some(form), Some(close)) = (
        element("dialog", "keys-dialog", ""),
        list(),
        element("div", "aside", ""),
        element("form", "", ""),
        element("button", "", "Close"),
    ) else {
        return false;
    };
    let _ = form.set_attribute("method", "dialog");
    let _ = form.append_child(&close);
    let _ = inner.append_child(&keys);
    let _ = dialog.append_child(&inner);
    let _ = dialog.append_child(&form);
    let _ = dialog.set_attribute("aria-label", "Keys");
    if let Some(body) = document().body() {
        let _ = body.append_child(&dialog);
    }
    let gone = dialog.clone();
    listen(&dialog, "close", move |_| gone.remove());
    // Around the dialog is the dialog itself.
    listen(&dialog, "click", |event: Event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlDialogElement>().ok());
        if let Some(dialog) = target {
            dialog.close();
        }
    });
    dialog
        .dyn_into::<web_sys::HtmlDialogElement>()
        .is_ok_and(|dialog| dialog.show_modal().is_ok())
}
