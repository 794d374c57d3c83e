//! One write at a time until the server knows this browser.

use std::cell::{Cell, RefCell};

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::dom::first;

thread_local! {
    /// The server knows this browser: it has answered a write, or sent a number of bookmarks with the page.
    static KNOWN: Cell<bool> = const { Cell::new(false) };
    /// Kept until the request before has been answered.
    static TURN: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

pub fn start() {
    KNOWN.set(
        first(".nav .count").is_some_and(|count| count.text_content().is_some_and(|text| !text.is_empty())),
    );
}

/// Does a write. The first one makes the reader and brings their cookie, so nothing else is sent until it is answered:
/// two at once would make two readers, and what one of the two keeps would be kept for nobody. `is_answered` tells an
/// answer of the server from one of the service worker, which keeps the write for later.
pub async fn in_turn<T, E>(
    write: impl Future<Output = Result<T, E>>,
    is_answered: impl Fn(&T) -> bool,
) -> Result<T, E> {
    if KNOWN.get() {
        return write.await;
    }
    let mut done: Option<Function> = None;
    let turn = Promise::new(&mut |resolve, _| done = Some(resolve));
    let before = TURN.with_borrow_mut(|last| last.replace(turn));
    if let Some(before) = before {
        let _ = JsFuture::from(before).await;
    }
    let written = write.await;
    KNOWN.set(KNOWN.get() || written.as_ref().is_ok_and(is_answered));
    if let Some(done) = done {
        let _ = done.call0(&JsValue::NULL);
    }
    written
}
