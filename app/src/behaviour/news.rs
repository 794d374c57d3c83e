//! "14 new": counts what has come since the page was opened, and waits to be pressed. The list never moves.

use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventSource, MessageEvent};

use super::dom::{document, element, first, listen, window};

pub fn start() {
    let Some(url) = first(".feed[data-news]").and_then(|feed| feed.get_attribute("data-news")) else {
        return;
    };
    let source: Rc<RefCell<Option<EventSource>>> = Rc::default();
    let heard = Rc::new(Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        if let Some(count) = event.data().as_string().and_then(|text| text.parse::<u32>().ok()) {
            show(count);
        }
    }));
    let follow = move || {
        // A page that nobody sees gives its connection back: browsers allow six to a server, for all tabs together.
        let seen = !document().hidden();
        let mut source = source.borrow_mut();
        match (&*source, seen) {
            (None, true) => *source = open(&url, &heard),
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

fn open(url: &str, heard: &Closure<dyn FnMut(MessageEvent)>) -> Option<EventSource> {
    let source = EventSource::new(url).ok()?;
    source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    Some(source)
}

fn show(count: u32) {
    let words = match count {
        0 => return,
        1_000.. => "Many new".to_owned(),
        _ => format!("{count} new"),
    };
    if let Some(pill) = first(".news a") {
        pill.set_text_content(Some(&words));
        return;
    }
    let (Some(row), Some(link), Some(main)) = (
        element("div", "news", ""),
        element("a", "button act", ""),
        first("#main"),
    ) else {
        return;
    };
    // The address of the list without its place: the first page, as it is now.
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let query: String = location
        .search()
        .unwrap_or_default()
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("after="))
        .collect::<Vec<_>>()
        .join("&");
    let href = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    let _ = link.set_attribute("href", &href);
    let _ = row.set_attribute("role", "status");
    let _ = row.append_child(&link);
    let _ = main.insert_before(&row, main.first_child().as_ref());
    // Only now, so that the change is read out.
    link.set_text_content(Some(&words));
}
