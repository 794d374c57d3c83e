//! One line at the foot of the window: what was just done, and a button that undoes it.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{
    debounce::Debounce,
    dom::{document, element, first, listen},
};

/// How long a toast stays, in milliseconds: enough to read it twice and reach its button.
const STAYS: i32 = 10_000;

thread_local! {
    /// Undoes the last change.
    static UNDO: RefCell<Option<Rc<dyn Fn()>>> = const { RefCell::new(None) };
    /// What had the focus when undo was offered. It gets the focus back after the button was used.
    static FROM: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Says what was done. Screen readers read it out.
pub fn say(text: &str) {
    show(text, true);
}

/// Says what was done, but not to screen readers.
pub fn say_quietly(text: &str) {
    show(text, false);
}

/// Says what was done and offers to undo it, by the button or by `u`.
pub fn offer(text: &str, undo: impl Fn() + 'static) {
    offer_as(text, true, undo);
}

/// Offers to undo, but not to screen readers: for what happens often while reading.
pub fn offer_quietly(text: &str, undo: impl Fn() + 'static) {
    offer_as(text, false, undo);
}

fn offer_as(text: &str, aloud: bool, undo: impl Fn() + 'static) {
    let undo: Rc<dyn Fn()> = Rc::new(undo);
    FROM.set(document().active_element());
    UNDO.set(Some(undo.clone()));
    let (Some(toast), Some(button)) = (show(text, aloud), element("button", "", "Undo")) else {
        return;
    };
    let _ = button.set_attribute("type", "button");
    let _ = toast.append_child(&button);
    listen(&button, "click", move |_| {
        self::undo();
    });
}

/// Undoes the last change, if there is one.
pub fn undo() -> bool {
    let Some(undo) = UNDO.take() else { return false };
    let from = FROM.take();
    if let Some(toast) = first(".toast") {
        let had_focus = toast.matches(":focus-within").unwrap_or(false);
        toast.remove();
        if had_focus && let Some(from) = from.and_then(|from| from.dyn_into::<HtmlElement>().ok()) {
            let _ = from.focus();
        }
    }
    undo();
    true
}

fn show(text: &str, aloud: bool) -> Option<Element> {
    let (toasts, toast, line) = (
        first(".toasts")?,
        element("div", "toast", "")?,
        element("p", "", text)?,
    );
    toast.append_child(&line).ok()?;
    if let Some(toasts) = toasts.dyn_ref::<HtmlElement>() {
        // Screen readers read out what is put into a polite live region.
        let _ = toasts.set_attribute("aria-live", if aloud { "polite" } else { "off" });
    }
    toasts.set_inner_html("");
    toasts.append_child(&toast).ok()?;
    remove_later();
    Some(toast)
}

/// Removes the toast after a while, but not while the pointer or the focus is in it. `u` undoes even after that.
fn remove_later() {
    thread_local! {
        static REMOVE: Debounce = Debounce::new(STAYS, || match first(".toast") {
            Some(toast) if toast.matches(":hover, :focus-within").unwrap_or(false) => remove_later(),
            Some(toast) => toast.remove(),
            None => {}
        });
    }
    REMOVE.with(Debounce::restart);
}
