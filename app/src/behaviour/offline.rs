//! Without a network: the line that says so, and bookmarks that wait for one.
//!
//! The worker (`frontend/sw.js`) answers in the network's place and keeps what waits; here is what a reader sees of it.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Date, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit, RequestInit, Response};

use super::{
    bookmark,
    dom::{Later, document, element, first, get, listen, window},
    toast,
    worker::{self, is_kept, kept_at, rows},
};

/// While nobody answers, or something waits, a page in sight tries again after this, in milliseconds.
const AGAIN: i32 = 20_000;
/// And once more this soon after the browser has a network again.
const SOON_AGAIN: i32 = 2_000;

/// Whether Broadsheet can be reached, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Here,
    /// The browser says that there is no network.
    Offline,
    /// There is one, and nobody answers.
    Silent,
}

thread_local! {
    /// How many questions were asked, and which was the last one asked that was answered.
    static ASKED: Cell<u32> = const { Cell::new(0) };
    static ANSWERED: Cell<u32> = const { Cell::new(0) };
    /// The page that was meant is on its way.
    static LEAVING: Cell<bool> = const { Cell::new(false) };
    static REACH: Cell<Reach> = const { Cell::new(Reach::Here) };
    /// Changes to bookmarks that wait to be sent.
    static WAITING: Cell<usize> = const { Cell::new(0) };
    /// Which papers are bookmarked, where the page itself may be wrong.
    static TRUTH: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    /// When the changes were made whose refusal has been said.
    static SAID: RefCell<Vec<JsValue>> = const { RefCell::new(Vec::new()) };
    /// The line's words that are read out; those that are seen change too often.
    static ALOUD: RefCell<Option<Element>> = const { RefCell::new(None) };
}

pub fn start() {
    if let Some(aloud) = element("p", "vh", "")
        && let Some(body) = document().body()
    {
        let _ = aloud.set_attribute("role", "status");
        let _ = body.append_child(&aloud);
        ALOUD.replace(Some(aloud));
    }
    listen(&window(), "offline", |_| lost());
    listen(&window(), "online", |_| {
        thread_local! {
            static SOON: Later = Later::new(SOON_AGAIN, || spawn_local(look(false)));
        }
        // A network that has just come back does not always carry the first question.
        spawn_local(look(false));
        SOON.with(Later::again);
    });
    if !window().navigator().on_line() || is_kept() {
        lost();
    }
    let again = Closure::<dyn FnMut()>::new(|| {
        if document().hidden() {
            return;
        }
        match REACH.get() {
            Reach::Silent => spawn_local(look(false)),
            // The server was there and could not take them.
            Reach::Here if WAITING.get() > 0 => worker::tell(&to_sync(false)),
            _ => {}
        }
    });
    let _ = window()
        .set_interval_with_callback_and_timeout_and_arguments_0(again.as_ref().unchecked_ref(), AGAIN);
    again.forget();
    worker::on_message(hear);
    worker::tell(r#"{"ask":"state"}"#);
    // The first page was opened before there was a worker to keep it.
    let keep = !worker::answers();
    worker::install(move || to_sync(keep));
}

/// The worker sends what waits, and keeps what is due.
fn to_sync(keep: bool) -> String {
    let count = bookmark::counted_by_server();
    format!(r#"{{"ask":"sync","count":{count},"keep":{keep}}}"#)
}

/// The network did not answer.
pub fn lost() {
    let reach = if window().navigator().on_line() {
        Reach::Silent
    } else {
        Reach::Offline
    };
    if REACH.replace(reach) != reach {
        aloud(match reach {
            Reach::Offline => "You are offline.",
            _ => "Broadsheet cannot be reached.",
        });
    }
    show();
}

/// Looks whether somebody answers. `asked` by the reader, who wants to hear it either way.
async fn look(asked: bool) {
    let init = RequestInit::new();
    let _ = Reflect::set(&init, &JsValue::from_str("cache"), &JsValue::from_str("no-store"));
    let question = ASKED.get() + 1;
    ASKED.set(question);
    let answer = JsFuture::from(window().fetch_with_str_and_init("/healthz", &init)).await;
    if answer.is_ok_and(|answer| answer.unchecked_into::<Response>().ok()) {
        ANSWERED.set(question.max(ANSWERED.get()));
        // To begin again would cost what has already come.
        if LEAVING.get() && !asked {
            return;
        }
        // What stands for another page gives way to it; a kept one only when its reader asks.
        let stands_in = first("#missing:not([hidden])").is_some();
        let is_leaving = (stands_in || asked && is_kept()) && window().location().reload().is_ok();
        LEAVING.set(is_leaving);
        if !is_leaving {
            found();
        }
        return;
    }
    // What was asked later has been answered.
    if ANSWERED.get() > question {
        return;
    }
    lost();
    if asked {
        aloud("Still out of reach.");
    }
}

/// Somebody answers again.
fn found() {
    if REACH.replace(Reach::Here) == Reach::Here {
        return;
    }
    show();
    // A next page that did not arrive is asked for again by itself.
    if let Some(retry) = first(".retry button").and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        retry.click();
    }
    match kept_at() {
        // The page is not exchanged under the reader's eyes.
        Some(moment) => toast::say(&format!(
            "Back online. This page is as of {}; load it again for today’s.",
            words_of(&moment)
        )),
        None => aloud("Back online."),
    }
    worker::tell(&to_sync(false));
}

fn aloud(words: &str) {
    ALOUD.with_borrow(|aloud| {
        if let Some(aloud) = aloud {
            aloud.set_text_content(Some(words));
        }
    });
}

fn words_of(moment: &Date) -> String {
    let options = JSON::parse(r#"{"day":"numeric","month":"long","hour":"2-digit","minute":"2-digit"}"#)
        .unwrap_or(JsValue::UNDEFINED);
    moment.to_locale_string("en-GB", &options).into()
}

/// Puts the line there, brings its words up to date, or takes it away.
fn show() {
    let old = first(".offline");
    let state = match REACH.get() {
        Reach::Here => {
            if let Some(old) = old {
                old.remove();
            }
            return;
        }
        Reach::Offline => "You are offline",
        Reach::Silent => "Broadsheet cannot be reached",
    };
    let as_of = kept_at().map_or_else(String::new, |moment| {
        format!("; this page is as of {}", words_of(&moment))
    });
    let waiting = match WAITING.get() {
        0 => String::new(),
        1 => " 1 bookmark change waits.".to_owned(),
        many => format!(" {many} bookmark changes wait."),
    };
    // Only what a worker keeps can be read, and the list of it needs no link to itself.
    let keeps = worker::answers() && first("#kept").is_none();
    let line = match old {
        Some(line) => line,
        None => {
            let Some(line) = new_line() else { return };
            line
        }
    };
    if let Ok(Some(words)) = line.query_selector("p") {
        words.set_text_content(Some(&format!("{state}{as_of}.{waiting} ")));
        if keeps && let Some(link) = element("a", "", "What can be read") {
            let _ = link.set_attribute("href", "/offline");
            let _ = words.append_child(&link);
        }
    }
}

fn new_line() -> Option<Element> {
    let (line, words, button) = (
        element("div", "offline", "")?,
        element("p", "", "")?,
        element("button", "", "Retry")?,
    );
    let _ = button.set_attribute("type", "button");
    // A place of its own among the landmarks.
    let _ = line.set_attribute("role", "region");
    let _ = line.set_attribute("aria-label", "Connection");
    listen(&button, "click", |_| spawn_local(look(true)));
    line.append_child(&words).ok()?;
    line.append_child(&button).ok()?;
    first(".low")?.append_child(&line).ok()?;
    Some(line)
}

/// What the worker says.
fn hear(said: &JsValue) {
    let text = |name: &str| get(said, name).and_then(|value| value.as_string());
    match text("say").as_deref() {
        Some("unreachable") => lost(),
        Some("state") => learn(said),
        Some("sent") => {
            let number = |name: &str| get(said, name).and_then(|value| value.as_f64()).unwrap_or(0.0);
            REACH.set(Reach::Here);
            WAITING.set(number("left") as usize);
            show();
            toast::say(&match number("sent") as usize {
                1 => "Back online: 1 bookmark change was sent.".to_owned(),
                many => format!("Back online: {many} bookmark changes were sent."),
            });
        }
        _ => {}
    }
}

/// Shows the bookmarks as they are and as they will be, rather than as they were when this page was made.
fn learn(said: &JsValue) {
    let waiting = rows(said, "waiting").len();
    WAITING.set(waiting);
    show();
    let first_time = TRUTH.replace(Some(said.clone())).is_none();
    if first_time {
        let number = |name: &str| get(said, name).and_then(|value| value.as_f64());
        let before = number("count")
            .filter(|_| is_kept())
            .unwrap_or_else(|| bookmark::counted_by_server() as f64);
        // And what has been pressed on this page since.
        let pressed = bookmark::shown_count() - bookmark::counted_by_server();
        bookmark::show_count((before + number("by").unwrap_or(0.0)) as i64 + pressed);
        watch();
    }
    // The worker goes on saying so until it is told that it was heard.
    let refused = rows(said, "refused");
    let refused: Vec<JsValue> = SAID.with_borrow_mut(|before| {
        let made = |wish: &JsValue| get(wish, "at").unwrap_or(JsValue::NULL);
        let fresh: Vec<JsValue> = refused
            .into_iter()
            .filter(|wish| !before.contains(&made(wish)))
            .collect();
        before.extend(fresh.iter().map(made));
        fresh
    });
    for wish in &refused {
        let text = |name: &str| {
            get(wish, name)
                .and_then(|value| value.as_string())
                .unwrap_or_default()
        };
        let wished = get(wish, "bookmarked").is_some_and(|value| value.is_truthy());
        let paper = text("paper");
        bookmark::refused(
            &paper,
            wished,
            &format!("The change to {paper} that waited was refused: {}", text("why")),
        );
    }
    if !refused.is_empty() {
        let papers = Array::new();
        for wish in &refused {
            papers.push(&get(wish, "paper").unwrap_or(JsValue::NULL));
        }
        if let Ok(papers) = JSON::stringify(&papers) {
            worker::tell(&format!(r#"{{"ask":"heard","papers":{}}}"#, String::from(papers)));
        }
    }
    set_right();
}

/// Every bookmark button that the page shows, as the worker knows it.
pub fn set_right() {
    TRUTH.with_borrow(|truth| {
        let Some(truth) = truth else { return };
        let waiting = rows(truth, "waiting");
        let is_kept = is_kept();
        // The page is of now, and nothing waits: it is right as it is.
        if !is_kept && waiting.is_empty() {
            return;
        }
        let complete = get(truth, "complete").is_some_and(|value| value.is_truthy());
        let ids = get(truth, "ids")
            .filter(Array::is_array)
            .map(|ids| Array::from(&ids));
        bookmark::set_right(|paper| {
            let paper = JsValue::from_str(paper);
            let wish = waiting
                .iter()
                .find(|wish| get(wish, "paper").as_ref() == Some(&paper));
            if let Some(wish) = wish {
                return Some(get(wish, "bookmarked")?.is_truthy());
            }
            if !is_kept {
                return None;
            }
            let known = ids.as_ref().is_some_and(|ids| ids.includes(&paper, 0));
            (known || complete).then_some(known)
        });
    });
}

/// Cards that come later are set right too.
fn watch() {
    let Some(list) = first(".feed") else { return };
    let seen = Closure::<dyn FnMut()>::new(set_right);
    if let Ok(observer) = MutationObserver::new(seen.as_ref().unchecked_ref()) {
        let options = MutationObserverInit::new();
        options.set_child_list(true);
        let _ = observer.observe_with_options(&list, &options);
    }
    seen.forget();
}
