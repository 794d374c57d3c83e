//! Bookmarks answer at once, undo, and say so when the server refused.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{
    dom::{Sent, all, around, document, element, first, listen, post},
    offline, toast,
    turn::in_turn,
};

const PRESSED: &str = "aria-pressed";
const WAITS: &str = "Kept on this device; sent when you are online again.";
const REMOVAL_WAITS: &str = "Removed on this device; sent when you are online again.";

thread_local! {
    /// The number of bookmarks that came with the page.
    static COUNTED: Cell<i64> = const { Cell::new(0) };
}

/// A bookmark that waits for a network has brought no cookie yet.
fn is_done(sent: &Sent) -> bool {
    *sent == Sent::Done
}

pub fn start() {
    COUNTED.set(shown_count());
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
            let sent = in_turn(post(&form), is_done).await;
            let still = (button.get_attribute(PRESSED).as_deref() == Some("true")) == wish;
            match sent {
                Ok(sent) if still => {
                    show(&form, wish);
                    if sent == Sent::Waiting {
                        offline::lost();
                    }
                    match (wish, sent) {
                        (true, Sent::Done) => {}
                        (true, Sent::Waiting) => toast::say(WAITS),
                        (false, Sent::Done) => offer_undo(&form, "Bookmark removed."),
                        (false, Sent::Waiting) => offer_undo(&form, REMOVAL_WAITS),
                    }
                    break;
                }
                Ok(_) => {}
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
    show_count(shown_count() + by);
}

/// The number in the masthead as it is now.
pub fn shown_count() -> i64 {
    first(".nav .count")
        .and_then(|shown| shown.text_content()?.trim().parse().ok())
        .unwrap_or(0)
}

/// The number that came with the page, before anything was pressed on it.
pub fn counted_by_server() -> i64 {
    COUNTED.get()
}

/// Shows this number in the masthead; none when there are none.
pub fn show_count(now: i64) {
    if let Some(shown) = first(".nav .count") {
        shown.set_text_content(Some(&if now > 0 { format!(" {now}") } else { String::new() }));
    }
}

/// The bookmark forms of the page, with the papers they are for.
fn forms() -> impl Iterator<Item = (HtmlFormElement, String)> {
    all("form.bookmark").into_iter().filter_map(|form| {
        let paper: HtmlInputElement = form.query_selector("input[name=paper]").ok()??.dyn_into().ok()?;
        Some((form.dyn_into().ok()?, paper.value()))
    })
}

/// Shows every paper of the page as kept or not, where that is known; those under way know better.
pub fn set_right(is_kept: impl Fn(&str) -> Option<bool>) {
    for (form, paper) in forms() {
        let busy = button(&form).is_none_or(|button| button.has_attribute("aria-busy"));
        if let (false, Some(kept)) = (busy, is_kept(&paper)) {
            show(&form, kept);
        }
    }
}

/// A change that waited was refused: it is taken back, and said.
pub fn refused(paper: &str, wished: bool, words: &str) {
    let shown = forms().find(|(_, name)| name == paper);
    match shown {
        Some((form, _)) => {
            if button(&form).is_some_and(|button| {
                button.get_attribute(PRESSED).as_deref() == Some(if wished { "true" } else { "false" })
            }) {
                count(if wished { -1 } else { 1 });
                show(&form, !wished);
            }
            refuse(&form, words);
        }
        None => toast::say(words),
    }
}

fn offer_undo(form: &HtmlFormElement, words: &str) {
    let form = form.clone();
    toast::offer(words, move || {
        toggle(form.clone());
        if let Some(button) = button(&form).and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    });
}
