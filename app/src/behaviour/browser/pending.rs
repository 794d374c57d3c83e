//! Bookmark changes that wait for a network.
//!
//! The worker (`frontend/sw.js`) saves changes while the server does not answer, and sends them later. This file shows
//! its messages on the page.

use std::cell::RefCell;

use js_sys::{Array, JSON};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MutationObserver, MutationObserverInit};

use super::{
    bookmark, connection,
    dom::{first, get},
    toast,
    worker::{self, is_saved_page, rows},
};
use crate::behaviour::pure::synced_label;

thread_local! {
    /// The worker's last message about its state. It knows the bookmarks better than a page that was saved.
    static STATE: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    /// The times of the changes whose refusal was already shown.
    static SHOWN_REFUSALS: RefCell<Vec<JsValue>> = const { RefCell::new(Vec::new()) };
}

/// Installs the worker and listens to it.
pub fn start() {
    connection::start();
    worker::on_message(receive);
    worker::tell(r#"{"ask":"state"}"#);
    // The first page was opened before there was a worker that could save it.
    let keep = !worker::answers();
    worker::install(move || connection::sync_message(keep));
}

fn text_of(value: &JsValue, name: &str) -> Option<String> {
    get(value, name)?.as_string()
}

fn number_of(value: &JsValue, name: &str) -> Option<f64> {
    get(value, name)?.as_f64()
}

fn is_true(value: &JsValue, name: &str) -> bool {
    get(value, name).is_some_and(|value| value.is_truthy())
}

fn receive(message: &JsValue) {
    match text_of(message, "say").as_deref() {
        Some("unreachable") => connection::lost(),
        Some("state") => learn(message),
        Some("sent") => {
            connection::synced(number_of(message, "left").unwrap_or(0.0) as usize);
            toast::say(&synced_label(number_of(message, "sent").unwrap_or(0.0) as usize));
        }
        _ => {}
    }
}

/// Shows the bookmarks as they are with the changes that wait, instead of as they were when the page was made.
fn learn(state: &JsValue) {
    connection::set_waiting(rows(state, "waiting").len());
    let first_time = STATE.replace(Some(state.clone())).is_none();
    if first_time {
        let before = number_of(state, "count")
            .filter(|_| is_saved_page())
            .unwrap_or_else(|| bookmark::counted_by_server() as f64);
        let pressed_since = bookmark::shown_count() - bookmark::counted_by_server();
        bookmark::show_count((before + number_of(state, "by").unwrap_or(0.0)) as i64 + pressed_since);
        correct_later_cards();
    }
    show_refusals(rows(state, "refused"));
    correct_bookmarks();
}

/// Shows each refusal once. The worker repeats them until this page confirms that they were shown.
fn show_refusals(refused: Vec<JsValue>) {
    let time = |change: &JsValue| get(change, "at").unwrap_or(JsValue::NULL);
    let new: Vec<JsValue> = SHOWN_REFUSALS.with_borrow_mut(|shown| {
        let new: Vec<JsValue> = refused
            .into_iter()
            .filter(|change| !shown.contains(&time(change)))
            .collect();
        shown.extend(new.iter().map(time));
        new
    });
    if new.is_empty() {
        return;
    }
    let papers = Array::new();
    for change in &new {
        let paper = text_of(change, "paper").unwrap_or_default();
        let why = text_of(change, "why").unwrap_or_default();
        bookmark::refused(
            &paper,
            is_true(change, "bookmarked"),
            &format!("Couldn’t save the change to {paper}: {why}"),
        );
        papers.push(&get(change, "paper").unwrap_or(JsValue::NULL));
    }
    if let Ok(papers) = JSON::stringify(&papers) {
        worker::tell(&format!(r#"{{"ask":"heard","papers":{}}}"#, String::from(papers)));
    }
}

/// Shows every bookmark button of the page as the worker knows it.
pub fn correct_bookmarks() {
    STATE.with_borrow(|state| {
        let Some(state) = state else { return };
        let waiting = rows(state, "waiting");
        let is_saved_page = is_saved_page();
        // A page that comes from the server is right, unless changes wait.
        if !is_saved_page && waiting.is_empty() {
            return;
        }
        let complete = is_true(state, "complete");
        let ids = get(state, "ids")
            .filter(Array::is_array)
            .map(|ids| Array::from(&ids));
        bookmark::correct(|paper| {
            let paper = JsValue::from_str(paper);
            let change = waiting
                .iter()
                .find(|change| get(change, "paper").as_ref() == Some(&paper));
            if let Some(change) = change {
                return Some(is_true(change, "bookmarked"));
            }
            if !is_saved_page {
                return None;
            }
            let known = ids.as_ref().is_some_and(|ids| ids.includes(&paper, 0));
            (known || complete).then_some(known)
        });
    });
}

/// Corrects the bookmarks of cards that are appended later.
fn correct_later_cards() {
    let Some(list) = first(".feed") else { return };
    let on_change = Closure::<dyn FnMut()>::new(correct_bookmarks);
    if let Ok(observer) = MutationObserver::new(on_change.as_ref().unchecked_ref()) {
        let options = MutationObserverInit::new();
        options.set_child_list(true);
        let _ = observer.observe_with_options(&list, &options);
    }
    on_change.forget();
}
