//! Writes that must reach the server one after the other.

use std::{
    cell::{Cell, RefCell},
    thread::LocalKey,
};

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::dom::first;

/// The last write of a row. It resolves when the write was answered.
type Row = LocalKey<RefCell<Option<Promise>>>;

thread_local! {
    /// The server knows this reader: it has answered a write, or sent their number of bookmarks with the page.
    static KNOWN: Cell<bool> = const { Cell::new(false) };
    static FIRST: RefCell<Option<Promise>> = const { RefCell::new(None) };
    static MARKS: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Finds out whether the server knows this reader.
pub fn start() {
    KNOWN.set(
        first(".nav .count").is_some_and(|count| count.text_content().is_some_and(|text| !text.is_empty())),
    );
}

/// Sends a write. The first one creates the reader and brings their cookie, so nothing else is sent until it is answered:
/// two at once would create two readers, and the bookmarks of one of them would be lost. `is_answered` tells an answer of
/// the server from one of the service worker, which saves the write for later.
pub async fn in_turn<T, E>(
    write: impl Future<Output = Result<T, E>>,
    is_answered: impl Fn(&T) -> bool,
) -> Result<T, E> {
    if KNOWN.get() {
        return write.await;
    }
    let written = after_the_last(&FIRST, write).await;
    KNOWN.set(KNOWN.get() || written.as_ref().is_ok_and(is_answered));
    written
}

/// Sends read marks after the ones before them were answered, so that the last press wins.
pub async fn mark_in_turn<T, E>(write: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    after_the_last(&MARKS, in_turn(write, |_| true)).await
}

async fn after_the_last<T>(row: &'static Row, write: impl Future<Output = T>) -> T {
    let mut done: Option<Function> = None;
    let mine = Promise::new(&mut |resolve, _| done = Some(resolve));
    let before = row.with_borrow_mut(|last| last.replace(mine));
    if let Some(before) = before {
        let _ = JsFuture::from(before).await;
    }
    let written = write.await;
    if let Some(done) = done {
        let _ = done.call0(&JsValue::NULL);
    }
    written
}
