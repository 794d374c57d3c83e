//! Bookmarks that change at once, can be undone, and change back if the server refuses.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{
    dom::{all, around, document, element, first, listen},
    post::{Sent, post_form},
    toast,
    turn::in_turn,
};

const PRESSED: &str = "aria-pressed";
const SAVED_OFFLINE: &str = "Saved offline; will sync when you’re back online.";
const REMOVED_OFFLINE: &str = "Removed offline; will sync when you’re back online.";

thread_local! {
    /// The number of bookmarks that came with the page.
    static COUNTED: Cell<i64> = const { Cell::new(0) };
}

/// Listens for bookmark forms. `on_lost` is called when the server did not answer.
pub fn start(on_lost: fn()) {
    COUNTED.set(shown_count());
    listen(&document(), "submit", move |event: Event| {
        let Some(form) =
            around(&event, "form.bookmark").and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        else {
            return;
        };
        event.prevent_default();
        toggle(form, on_lost);
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

fn is_pressed(button: &Element) -> bool {
    button.get_attribute(PRESSED).as_deref() == Some("true")
}

fn set_pressed(button: &Element, pressed: bool) {
    let _ = button.set_attribute(PRESSED, if pressed { "true" } else { "false" });
}

/// Shows a state. The next press then asks for the other one.
fn show(form: &HtmlFormElement, bookmarked: bool) {
    if let (Some(button), Some(field)) = (button(form), field(form)) {
        set_pressed(&button, bookmarked);
        field.set_value(if bookmarked { "false" } else { "true" });
    }
}

fn toggle(form: HtmlFormElement, on_lost: fn()) {
    let Some(button) = button(&form) else { return };
    let bookmarked = !is_pressed(&button);
    set_pressed(&button, bookmarked);
    change_count(if bookmarked { 1 } else { -1 });
    // One request at a time. The request under way looks at the button again when it is answered.
    if button.has_attribute("aria-busy") {
        return;
    }
    let _ = button.set_attribute("aria-busy", "true");
    spawn_local(async move {
        remove_refusal(&form);
        send_until_settled(&form, &button, on_lost).await;
        let _ = button.remove_attribute("aria-busy");
    });
}

/// Sends the state of the button, again and again until the button shows what was sent.
async fn send_until_settled(form: &HtmlFormElement, button: &Element, on_lost: fn()) {
    loop {
        let wanted = is_pressed(button);
        if let Some(field) = field(form) {
            field.set_value(if wanted { "true" } else { "false" });
        }
        // A bookmark that waits for a network has brought no cookie yet.
        let sent = in_turn(post_form(form), |sent| *sent == Sent::Done).await;
        let settled = is_pressed(button) == wanted;
        match sent {
            Ok(sent) if settled => {
                show(form, wanted);
                if sent == Sent::Waiting {
                    on_lost();
                }
                let done = match (wanted, sent) {
                    (true, Sent::Done) => "Bookmark added.",
                    (true, Sent::Waiting) => SAVED_OFFLINE,
                    (false, Sent::Done) => "Bookmark removed.",
                    (false, Sent::Waiting) => REMOVED_OFFLINE,
                };
                offer_undo(form, done, on_lost);
                return;
            }
            Ok(_) => {}
            Err(why) => {
                if settled {
                    change_count(if wanted { -1 } else { 1 });
                }
                show(form, !wanted);
                show_refusal(form, &why);
                return;
            }
        }
    }
}

fn show_refusal(form: &HtmlFormElement, why: &str) {
    if let (Some(foot), Some(text)) = (form.parent_element(), element("p", "refused", why)) {
        let _ = text.set_attribute("role", "alert");
        let _ = foot.append_child(&text);
    }
}

fn remove_refusal(form: &HtmlFormElement) {
    if let Ok(Some(old)) = form
        .parent_element()
        .map_or(Ok(None), |foot| foot.query_selector(".refused"))
    {
        old.remove();
    }
}

fn change_count(by: i64) {
    show_count(shown_count() + by);
    change_total(by);
}

/// Changes the number of papers in the heading of the bookmarks. `data-total` holds it.
fn change_total(by: i64) {
    let Some(shown) = first("[data-total]") else {
        return;
    };
    let Some(total) = shown
        .get_attribute("data-total")
        .and_then(|total| total.parse::<i64>().ok())
    else {
        return;
    };
    let total = (total + by).max(0);
    let _ = shown.set_attribute("data-total", &total.to_string());
    shown.set_text_content(Some(&if total == 1 {
        "1 paper".to_owned()
    } else {
        format!("{total} papers")
    }));
}

/// The number of bookmarks in the masthead.
pub fn shown_count() -> i64 {
    first(".nav .count")
        .and_then(|shown| shown.text_content()?.trim().parse().ok())
        .unwrap_or(0)
}

/// The number that came with the page, before any button was pressed.
pub fn counted_by_server() -> i64 {
    COUNTED.get()
}

/// Shows a number in the masthead; 0 is not shown.
pub fn show_count(now: i64) {
    if let Some(shown) = first(".nav .count") {
        shown.set_text_content(Some(&if now > 0 { format!(" {now}") } else { String::new() }));
        let _ = shown.class_list().toggle_with_force("long", now > 99);
    }
}

/// The bookmark forms of the page, with the keys of their papers.
fn forms() -> impl Iterator<Item = (HtmlFormElement, String)> {
    all("form.bookmark").into_iter().filter_map(|form| {
        let paper: HtmlInputElement = form.query_selector("input[name=paper]").ok()??.dyn_into().ok()?;
        Some((form.dyn_into().ok()?, paper.value()))
    })
}

/// Shows the true state of every paper on the page, where it is known. Requests under way set their own buttons.
pub fn correct(is_bookmarked: impl Fn(&str) -> Option<bool>) {
    for (form, paper) in forms() {
        let busy = button(&form).is_none_or(|button| button.has_attribute("aria-busy"));
        if let (false, Some(bookmarked)) = (busy, is_bookmarked(&paper)) {
            show(&form, bookmarked);
        }
    }
}

/// The server refused a change that had waited. Shows the old state, and why.
pub fn refused(paper: &str, wanted: bool, why: &str) {
    let Some((form, _)) = forms().find(|(_, name)| name == paper) else {
        toast::say(why);
        return;
    };
    if button(&form).is_some_and(|button| is_pressed(&button) == wanted) {
        change_count(if wanted { -1 } else { 1 });
        show(&form, !wanted);
    }
    show_refusal(&form, why);
}

fn offer_undo(form: &HtmlFormElement, label: &str, on_lost: fn()) {
    let form = form.clone();
    toast::offer(label, move || {
        toggle(form.clone(), on_lost);
        if let Some(button) = button(&form).and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
    });
}
