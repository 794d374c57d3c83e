//! The cookies that scripts write and read.

use std::cell::RefCell;

use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

use super::dom::document;
use crate::behaviour::pure::list_settings;

thread_local! {
    /// The list settings that the page was made for.
    static SETTINGS: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Sets a cookie for a year. The server reads it.
pub fn set(name: &str, value: &str) {
    if let Ok(page) = document().dyn_into::<HtmlDocument>() {
        let _ = page.set_cookie(&format!("{name}={value}; path=/; max-age=31536000; samesite=lax"));
    }
}

/// Notes the list settings as those that the page shows.
pub fn note_settings() {
    SETTINGS.set(settings());
}

/// Whether the list settings differ from those that the page shows.
pub fn settings_changed() -> bool {
    settings() != SETTINGS.with_borrow(String::clone)
}

fn settings() -> String {
    let cookies = document()
        .dyn_into::<HtmlDocument>()
        .ok()
        .and_then(|page| page.cookie().ok())
        .unwrap_or_default();
    list_settings(&cookies)
}
