//! The line at the foot of the window that says that the server cannot be reached.

use std::cell::RefCell;

use js_sys::JSON;
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::{
    dom::{document, element, first, listen},
    worker,
};
use crate::behaviour::pure::{Reach, connection_label};

thread_local! {
    /// Read out by screen readers. The visible line changes too often for that.
    static ANNOUNCER: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Prepares what screen readers read out.
pub fn start() {
    if let Some(announcer) = element("p", "vh", "")
        && let Some(body) = document().body()
    {
        let _ = announcer.set_attribute("role", "status");
        let _ = body.append_child(&announcer);
        ANNOUNCER.replace(Some(announcer));
    }
}

/// Has screen readers read out a text.
pub fn announce(text: &str) {
    ANNOUNCER.with_borrow(|announcer| {
        if let Some(announcer) = announcer {
            announcer.set_text_content(Some(text));
        }
    });
}

/// When this page was saved on this device, in words; `None` for a page that comes from the server.
pub fn saved_at() -> Option<String> {
    let options = JSON::parse(r#"{"day":"numeric","month":"long","hour":"2-digit","minute":"2-digit"}"#)
        .unwrap_or(JsValue::UNDEFINED);
    let moment = worker::saved_at()?.to_locale_string("en-GB", &options);
    Some(moment.into())
}

/// Shows the line, updates it, or removes it.
pub fn show(reach: Reach, waiting: usize, on_retry: fn()) {
    let old = first(".offline");
    if reach == Reach::Here {
        if let Some(old) = old {
            old.remove();
        }
        return;
    }
    let Some(line) = old.or_else(|| new_line(on_retry)) else {
        return;
    };
    let Ok(Some(text)) = line.query_selector("p") else {
        return;
    };
    let label = connection_label(reach, saved_at().as_deref(), waiting);
    text.set_text_content(Some(&format!("{label} ")));
    // Without a worker nothing is saved. The offline page needs no link to itself.
    let has_saved_pages = worker::answers() && first("#kept").is_none();
    if has_saved_pages && let Some(link) = element("a", "", "Available offline") {
        let _ = link.set_attribute("href", "/offline");
        let _ = text.append_child(&link);
    }
}

fn new_line(on_retry: fn()) -> Option<Element> {
    let (line, text, button) = (
        element("div", "offline", "")?,
        element("p", "", "")?,
        element("button", "", "Retry")?,
    );
    let _ = button.set_attribute("type", "button");
    // A landmark, so that screen readers find it.
    let _ = line.set_attribute("role", "region");
    let _ = line.set_attribute("aria-label", "Connection");
    listen(&button, "click", move |_| on_retry());
    line.append_child(&text).ok()?;
    line.append_child(&button).ok()?;
    first(".low")?.append_child(&line).ok()?;
    Some(line)
}
