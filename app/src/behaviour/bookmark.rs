//! Bookmarks answer at once, undo, and say so when the server refused.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{
    dom::{around, document, element, first, listen, send},
    toast,
};

const PRESSED: &str = "aria-pressed";

thread_local! {
    /// The server knows this browser: it has answered a bookmark, or sent a number of them with the page.
    static KNOWN: Cell<bool> = const { Cell::new(false) };
    /// Kept until the request before has been answered.
    static TURN: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Sends a bookmark. The first one makes the reader and brings their cookie, so nothing else is sent until it is
/// answered: two at once would make two readers, and one of the two papers would be kept for nobody.
async fn send_in_turn(form: &HtmlFormElement) -> Result<(), String> {
    if KNOWN.get() {
        return send(form).await;
    }
    let mut done: Option<Function> = None;
    let turn = Promise::new(&mut |resolve, _| done = Some(resolve));
    let before = TURN.with_borrow_mut(|last| last.replace(turn));
    if let Some(before) = before {
        let _ = JsFuture::from(before).await;
    }
    let sent = send(form).await;
    KNOWN.set(KNOWN.get() || sent.is_ok());
    if let Some(done) = done {
        let _ = done.call0(&JsValue::NULL);
    }
    sent
}

pub fn start() {
    KNOWN.set(
        first(".nav .count").is_some_and(|count| count.text_content().is_some_and(|text| !text.is_empty())),
    );
    listen(&document(), "submit", |event: Event| {
        let Some(form) =
            around(&event, "form.bookmark").and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        else {
            return;
        };
        event.prevent_default();
        toggle(form);
    });
}

fn button(form: &HtmlFormElement) -> Option<Element> {
    form.query_selector("button").ok()?
}

fn field(form: &HtmlFormElement) -> Option<HtmlInputElement> {
    form.query_selector("input[name=bookmarked]")
        .ok()??
        .dyn_into()
        .ok()
}

/// Shows a state, and makes the next press ask for the other one.
pub fn show(form: &HtmlFormElement, kept: bool) {
    if let (Some(button), Some(field)) = (button(form), field(form)) {
        let _ = button.set_attribute(PRESSED, if kept { "true" } else { "false" });
        field.set_value(if kept { "false" } else { "true" });
    }
}

fn toggle(form: HtmlFormElement) {
    let Some(button) = button(&form) else { return };
    let kept = button.get_attribute(PRESSED).as_deref() != Some("true");
    let _ = button.set_attribute(PRESSED, if kept { "true" } else { "false" });
    count(if kept { 1 } else { -1 });
    // One request at a time: whoever is under way sees the last wish when it is back.
    if button.has_attribute("aria-busy") {
        return;
    }
    let _ = button.set_attribute("aria-busy", "true");
    spawn_local(async move {
        if let Ok(Some(old)) = form
            .parent_element()
            .map_or(Ok(None), |foot| foot.query_selector(".refused"))
        {
            old.remove();
        }
        loop {
            let wish = button.get_attribute(PRESSED).as_deref() == Some("true");
            if let Some(field) = field(&form) {
                field.set_value(if wish { "true" } else { "false" });
            }
            let sent = send_in_turn(&form).await;
            let still = (button.get_attribute(PRESSED).as_deref() == Some("true")) == wish;
            match sent {
                Ok(()) if still => {
                    show(&form, wish);
                    if !wish {
                        offer_undo(&form);
                    }
                    break;
                }
                Ok(()) => {}
                Err(why) => {
                    // The truth is what was before this wish.
                    if still {
                        count(if wish { -1 } else { 1 });
                    }
                    show(&form, !wish);
                    refuse(&form, &why);
                    break;
                }
            }
        }
        let _ = button.remove_attribute("aria-busy");
    });
}

fn refuse(form: &HtmlFormElement, why: &str) {
    if let (Some(foot), Some(words)) = (form.parent_element(), element("p", "refused", why)) {
        let _ = words.set_attribute("role", "alert");
        let _ = foot.append_child(&words);
    }
}

/// The number in the masthead.
fn count(by: i64) {
    let Some(shown) = first(".nav .count") else { return };
    let now = shown
        .text_content()
        .and_then(|text| text.trim().parse::<i64>().ok())
        .unwrap_or(0)
        + by;
    shown.set_text_content(Some(&if now > 0 { format!(" {now}") } else { String::new() }));
}

fn offer_undo(form: &HtmlFormElement) {
    let form = form.clone();
    toast::offer("Bookmark removed.", move || {
        toggle(form.clone());
        if let Some(button) = button(&form).and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    });
}
