//! The theme switch. The reader's choice is saved in a cookie that the server reads; without one the system decides.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{
    cookies,
    dom::{document, first, listen, window},
};

fn is_dark() -> bool {
    match document()
        .document_element()
        .and_then(|root| root.get_attribute("data-theme"))
        .as_deref()
    {
        Some(theme) => theme == "dark",
        None => window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches()),
    }
}

fn show(button: &HtmlElement) {
    let _ = button.set_attribute("aria-pressed", if is_dark() { "true" } else { "false" });
}

/// Shows the switch and listens for it.
pub fn start() {
    let Some(button) = first("button.theme").and_then(|button| button.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    button.set_hidden(false);
    show(&button);
    listen(&button.clone(), "click", move |_| {
        let theme = if is_dark() { "light" } else { "dark" };
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", theme);
        }
        cookies::set("theme", theme);
        show(&button);
    });
}
