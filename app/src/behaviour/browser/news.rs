//! "14 new": counts the papers that came since the page was opened. The list changes only when the count is pressed.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventSource, MessageEvent};

use super::dom::{document, element, first, listen, window};
use crate::behaviour::pure::{first_page, news_label};

/// Follows the events of the list, if it has any.
pub fn start() {
    let Some(url) = first(".feed[data-news]").and_then(|feed| feed.get_attribute("data-news")) else {
        return;
    };
    let source: Rc<RefCell<Option<EventSource>>> = Rc::default();
    let on_message = Rc::new(Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(count) = event.data().as_string().and_then(|text| text.parse::<u32>().ok()) {
            show(count);
        }
    }));
    let follow = move || {
        // A hidden page closes its connection: browsers allow six per server over HTTP/1.1, for all tabs together.
        let visible = !document().hidden();
        let mut source = source.borrow_mut();
        match (&*source, visible) {
            (None, true) => *source = open(&url, &on_message),
            (Some(open), false) => {
                open.close();
                *source = None;
            }
            _ => {}
        }
    };
    follow();
    let on_change = follow.clone();
    listen(&document(), "visibilitychange", move |_: Event| on_change());
}

fn open(url: &str, on_message: &Closure<dyn FnMut(MessageEvent)>) -> Option<EventSource> {
    let source = EventSource::new(url).ok()?;
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    Some(source)
}

fn show(count: u32) {
    let Some(label) = news_label(count) else { return };
    if let Some(pill) = first(".news a") {
        pill.set_text_content(Some(&label));
        return;
    }
    let (Some(row), Some(link), Some(main)) = (
        element("div", "news", ""),
        element("a", "button act", ""),
        first("#main"),
    ) else {
        return;
    };
    let location = window().location();
    let href = first_page(
        &location.pathname().unwrap_or_default(),
        &location.search().unwrap_or_default(),
    );
    let _ = link.set_attribute("href", &href);
    let _ = row.set_attribute("role", "status");
    let _ = row.append_child(&link);
    let _ = main.insert_before(&row, main.first_child().as_ref());
    // Only now: screen readers read out changes of a status that is already in the page.
    link.set_text_content(Some(&label));
}
