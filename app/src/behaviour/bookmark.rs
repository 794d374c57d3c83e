//! Bookmarks answer at once, undo, and say so when the server refused.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{
    dom::{around, document, element, first, listen, send},
    toast,
    turn::in_turn,
};

const PRESSED: &str = "aria-pressed";

pub fn start() {
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
    form.query_selector("button.keep").ok()?
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
            let sent = in_turn(send(&form)).await;
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
