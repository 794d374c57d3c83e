//! One line at the foot of the window: what was just done, and how to take it back.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::dom::{Later, document, element, first, listen};

/// How long a toast stays, in milliseconds: enough to read it twice and reach its button.
const STAYS: i32 = 10_000;

thread_local! {
    /// What the last change is undone by, until another change or a page comes.
    static UNDO: RefCell<Option<Rc<dyn Fn()>>> = const { RefCell::new(None) };
    /// Where the reader was when it was offered, and is again after its button.
    static FROM: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Says what was done. Screen readers read it out.
pub fn say(words: &str) {
    show(words, true);
}

/// The same without being read out.
pub fn say_quietly(words: &str) {
    show(words, false);
}

/// Says what was done and offers to undo it, by the button or by `u`.
pub fn offer(words: &str, undo: impl Fn() + 'static) {
    offer_as(words, true, undo);
}

/// The same without being read out: for what happens again and again while reading.
pub fn offer_quietly(words: &str, undo: impl Fn() + 'static) {
    offer_as(words, false, undo);
}

fn offer_as(words: &str, aloud: bool, undo: impl Fn() + 'static) {
    let undo: Rc<dyn Fn()> = Rc::new(undo);
    FROM.set(document().active_element());
    UNDO.set(Some(undo.clone()));
    let (Some(toast), Some(button)) = (show(words, aloud), element("button", "", "Undo")) else {
        return;
    };
    let _ = button.set_attribute("type", "button");
    let _ = toast.append_child(&button);
    listen(&button, "click", move |_| {
        self::undo();
    });
}

/// Undoes the last change, if it is one that can be undone.
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

fn show(words: &str, aloud: bool) -> Option<Element> {
    let (toasts, toast, text) = (
        first(".toasts")?,
        element("div", "toast", "")?,
        element("p", "", words)?,
    );
    toast.append_child(&text).ok()?;
    if let Some(toasts) = toasts.dyn_ref::<HtmlElement>() {
        // A live region reads what is put into it; "off" lets it be read only by who goes there.
        let _ = toasts.set_attribute("aria-live", if aloud { "polite" } else { "off" });
    }
    toasts.set_inner_html("");
    toasts.append_child(&toast).ok()?;
    leave_later();
    Some(toast)
}

/// A toast goes by itself, but not while somebody points at it or is in it; `u` undoes all the same.
fn leave_later() {
    thread_local! {
        static LEAVE: Later = Later::new(STAYS, || match first(".toast") {
            Some(toast) if toast.matches(":hover, :focus-within").unwrap_or(false) => leave_later(),
            Some(toast) => toast.remove(),
            None => {}
        });
    }
    LEAVE.with(Later::again);
}
