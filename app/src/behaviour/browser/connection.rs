//! Checks with requests whether the server can be reached, and shows the result in the connection line.

use std::cell::Cell;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlElement, RequestInit, Response};

use super::{
    bookmark, connection_line as line,
    debounce::Debounce,
    dom::{document, first, listen, window},
    toast,
    worker::{self, is_saved_page},
};
use crate::behaviour::pure::Reach;

/// Delay before a visible page tries again, in milliseconds, while the server does not answer or a change waits.
const RETRY: i32 = 20_000;
/// When the browser has a network again, a request is sent at once, and another one after this delay in milliseconds.
const RETRY_SOON: i32 = 2_000;

thread_local! {
    /// The number of the last request.
    static ASKED: Cell<u32> = const { Cell::new(0) };
    /// The number of the last request that was answered.
    static ANSWERED: Cell<u32> = const { Cell::new(0) };
    /// This page is being loaded again.
    static LEAVING: Cell<bool> = const { Cell::new(false) };
    static REACH: Cell<Reach> = const { Cell::new(Reach::Here) };
    /// How many changes to bookmarks wait to be sent.
    static WAITING: Cell<usize> = const { Cell::new(0) };
}

/// Listens for the browser's network events, and tries again from time to time.
pub fn start() {
    line::start();
    listen(&window(), "offline", |_| lost());
    listen(&window(), "online", |_| {
        thread_local! {
            static SOON: Debounce = Debounce::new(RETRY_SOON, || spawn_local(ask(false)));
        }
        // A network that has just come back sometimes loses the first request.
        spawn_local(ask(false));
        SOON.with(Debounce::restart);
    });
    if !window().navigator().on_line() || is_saved_page() {
        lost();
    }
    let retry = Closure::<dyn FnMut()>::new(|| {
        if document().hidden() {
            return;
        }
        match REACH.get() {
            Reach::Silent => spawn_local(ask(false)),
            // The server answers, but has not accepted the changes yet.
            Reach::Here if WAITING.get() > 0 => worker::tell(&sync_message(false)),
            _ => {}
        }
    });
    let _ = window()
        .set_interval_with_callback_and_timeout_and_arguments_0(retry.as_ref().unchecked_ref(), RETRY);
    retry.forget();
}

/// Asks the worker to send what waits and to refresh what it has saved; with `keep` to save this page as well.
pub fn sync_message(keep: bool) -> String {
    let count = bookmark::counted_by_server();
    format!(r#"{{"ask":"sync","count":{count},"keep":{keep}}}"#)
}

/// The server did not answer.
pub fn lost() {
    let reach = if window().navigator().on_line() {
        Reach::Silent
    } else {
        Reach::Offline
    };
    if REACH.replace(reach) != reach {
        line::announce(match reach {
            Reach::Offline => "You are offline.",
            _ => "Broadsheet can’t be reached.",
        });
    }
    show();
}

/// The number of changes that wait.
pub fn set_waiting(count: usize) {
    WAITING.set(count);
    show();
}

/// The worker has sent what waited, so the server answers.
pub fn synced(left: usize) {
    REACH.set(Reach::Here);
    set_waiting(left);
}

fn show() {
    line::show(REACH.get(), WAITING.get(), || spawn_local(ask(true)));
}

/// Asks whether the server answers. With `by_reader` the reader pressed Retry and learns the result either way.
async fn ask(by_reader: bool) {
    let init = RequestInit::new();
    let _ = Reflect::set(&init, &JsValue::from_str("cache"), &JsValue::from_str("no-store"));
    let question = ASKED.get() + 1;
    ASKED.set(question);
    let answer = JsFuture::from(window().fetch_with_str_and_init("/healthz", &init)).await;
    if answer.is_ok_and(|answer| answer.unchecked_into::<Response>().ok()) {
        ANSWERED.set(question.max(ANSWERED.get()));
        // The page is already loading; a second start would only delay it.
        if LEAVING.get() && !by_reader {
            return;
        }
        // The offline page reloads at once to show the requested page. A saved page reloads only if the reader
        // presses Retry.
        let stands_in = first("#missing:not([hidden])").is_some();
        let leaving = (stands_in || by_reader && is_saved_page()) && window().location().reload().is_ok();
        LEAVING.set(leaving);
        if !leaving {
            found();
        }
        return;
    }
    // A later request has been answered.
    if ANSWERED.get() > question {
        return;
    }
    lost();
    if by_reader {
        line::announce("Still offline.");
    }
}

/// The server answers again.
fn found() {
    if REACH.replace(Reach::Here) == Reach::Here {
        return;
    }
    show();
    if let Some(retry) = first(".retry button").and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        retry.click();
    }
    match line::saved_at() {
        // Do not reload the page while the reader is reading it.
        Some(moment) => toast::say(&format!(
            "Back online. This page was saved {moment}; reload for the latest."
        )),
        None => line::announce("Back online."),
    }
    worker::tell(&sync_message(false));
}
