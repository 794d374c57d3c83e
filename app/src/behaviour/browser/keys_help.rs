//! The list of keyboard shortcuts. It is made here, because the shortcuts do nothing without scripts.

use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Event, HtmlDialogElement, HtmlElement};

use super::dom::{document, element, first, listen};

const TITLE: &str = "Keyboard shortcuts";

/// Keys with spaces between, and what they do.
const KEYS: [(&str, &str); 13] = [
    ("j k", "next, previous"),
    ("o", "open"),
    ("v", "open on arXiv"),
    ("b", "bookmark"),
    ("e", "expand"),
    ("m", "toggle read"),
    ("M", "mark all above as read"),
    ("c y", "copy BibTeX, link"),
    ("u", "undo"),
    ("/", "search"),
    ("g h", "home"),
    ("g b", "bookmarks"),
    ("?", "show this help"),
];

/// Shows the shortcuts in the place that a list's page has for them.
pub fn show_beside_list() {
    if let (Some(place), Some(table)) = (
        first(".keys-help").and_then(|place| place.dyn_into::<HtmlElement>().ok()),
        table(),
    ) {
        let _ = place.append_child(&table);
        place.set_hidden(false);
    }
}

/// A heading and all keys.
fn table() -> Option<DocumentFragment> {
    let (all, heading, list) = (
        document().create_document_fragment(),
        element("h2", "caps", TITLE)?,
        element("dl", "keys", "")?,
    );
    for (keys, action) in KEYS {
        let (term, description) = (element("dt", "", "")?, element("dd", "", action)?);
        for (index, key) in keys.split(' ').enumerate() {
            if index > 0 {
                term.append_with_str_1(" ").ok()?;
            }
            let key = element("kbd", "", key)?;
            term.append_child(&key).ok()?;
        }
        list.append_child(&term).ok()?;
        list.append_child(&description).ok()?;
    }
    all.append_child(&heading).ok()?;
    all.append_child(&list).ok()?;
    Some(all)
}

/// Shows all keys in a dialog, on any page.
pub fn show_dialog() -> bool {
    if first("dialog.keys-dialog").is_some() {
        return true;
    }
    let (Some(dialog), Some(table), Some(inner), Some(form), Some(close)) = (
        element("dialog", "keys-dialog", ""),
        table(),
        element("div", "aside", ""),
        element("form", "", ""),
        element("button", "", "Close"),
    ) else {
        return false;
    };
    let _ = form.set_attribute("method", "dialog");
    let _ = form.append_child(&close);
    let _ = inner.append_child(&table);
    let _ = dialog.append_child(&inner);
    let _ = dialog.append_child(&form);
    let _ = dialog.set_attribute("aria-label", TITLE);
    if let Some(body) = document().body() {
        let _ = body.append_child(&dialog);
    }
    let closed = dialog.clone();
    listen(&dialog, "close", move |_| closed.remove());
    // A click beside the dialog has the dialog itself as its target, and closes it.
    listen(&dialog, "click", |event: Event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlDialogElement>().ok());
        if let Some(dialog) = target {
            dialog.close();
        }
    });
    dialog
        .dyn_into::<HtmlDialogElement>()
        .is_ok_and(|dialog| dialog.show_modal().is_ok())
}
