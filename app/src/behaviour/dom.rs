//! The few things that every part of the behaviour asks of the browser.

use std::cell::Cell;

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, Event, EventTarget, FormData, Headers, HtmlFormElement, RequestInit, Response,
    UrlSearchParams, Window,
};

/// The window. Behaviour runs nowhere else.
#[expect(clippy::expect_used, reason = "there is no behaviour without a window")]
pub fn window() -> Window {
    web_sys::window().expect("a window")
}

/// The document.
#[expect(clippy::expect_used, reason = "there is no behaviour without a document")]
pub fn document() -> Document {
    window().document().expect("a document")
}

/// Listens for as long as the page lives.
pub fn listen(target: &EventTarget, event: &str, handle: impl FnMut(Event) + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(handle);
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// The element an event happened in, or around it, that matches.
pub fn around(event: &Event, selector: &str) -> Option<Element> {
    event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest(selector)
        .ok()?
}

/// All elements that match, in order.
pub fn all(selector: &str) -> Vec<Element> {
    let Ok(list) = document().query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|index| list.item(index)?.dyn_into().ok())
        .collect()
}

/// The first element that matches.
pub fn first(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok()?
}

/// A new element with a class and text.
pub fn element(tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    Some(element)
}

/// What a script value holds under a name.
pub fn get(value: &JsValue, name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(value, &JsValue::from_str(name)).ok()
}

/// Said when the server was not reached at all.
const UNREACHABLE: &str = "The server did not answer. Nothing was changed; please try again.";

/// What became of a form that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The server has it.
    Done,
    /// Nobody answered; the service worker keeps it and sends it later.
    Waiting,
}

/// Sends a form where it would go by itself. The error is in words for the reader.
pub async fn send(form: &HtmlFormElement) -> Result<(), String> {
    post(form).await.map(|_| ())
}

/// The same for a form that may wait.
pub async fn post(form: &HtmlFormElement) -> Result<Sent, String> {
    let unreachable = |_| UNREACHABLE.to_owned();
    let data = FormData::new_with_form(form).map_err(unreachable)?;
    let body =
        UrlSearchParams::new_with_record_from_str_to_str(&js_sys::Object::new()).map_err(unreachable)?;
    for entry in data.entries() {
        let pair = js_sys::Array::from(&entry.map_err(unreachable)?);
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            body.append(&name, &value);
        }
    }
    let action = form.get_attribute("action").unwrap_or_default();
    post_body(&action, &body).await.map(|(sent, _)| sent)
}

/// Posts fields of our own making.
pub async fn post_fields(action: &str, fields: &[(&str, &str)]) -> Result<String, String> {
    let body = UrlSearchParams::new_with_record_from_str_to_str(&js_sys::Object::new())
        .map_err(|_| UNREACHABLE.to_owned())?;
    for (name, value) in fields {
        body.append(name, value);
    }
    post_body(action, &body).await.map(|(_, text)| text)
}

/// What became of it, and the answer's text; the error is in words for the reader.
async fn post_body(action: &str, body: &UrlSearchParams) -> Result<(Sent, String), String> {
    let unreachable = |_| UNREACHABLE.to_owned();
    let headers = Headers::new().map_err(unreachable)?;
    headers.set("accept", "application/json").map_err(unreachable)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(body);
    // Outlives the page: whoever presses and leaves at once has pressed all the same.
    js_sys::Reflect::set(&init, &JsValue::from_str("keepalive"), &JsValue::TRUE).map_err(unreachable)?;
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(action, &init))
        .await
        .map_err(unreachable)?
        .unchecked_into();
    let text = JsFuture::from(response.text().map_err(unreachable)?)
        .await
        .map_err(unreachable)?
        .as_string()
        .unwrap_or_default();
    if response.ok() {
        let sent = if response.status() == 202 {
            Sent::Waiting
        } else {
            Sent::Done
        };
        return Ok((sent, text));
    }
    let problem = js_sys::JSON::parse(&text).ok();
    Err(problem
        .and_then(|problem| get(&problem, "detail")?.as_string())
        .unwrap_or_else(|| UNREACHABLE.to_owned()))
}

/// Keeps a choice for a year, where the server reads it.
pub fn keep_cookie(name: &str, word: &str) {
    if let Ok(page) = document().dyn_into::<web_sys::HtmlDocument>() {
        let _ = page.set_cookie(&format!("{name}={word}; path=/; max-age=31536000; samesite=lax"));
    }
}

/// Something that is done a while after it was asked for last.
pub struct Later {
    wait: i32,
    then: Closure<dyn FnMut()>,
    waiting: Cell<Option<i32>>,
}

impl Later {
    /// Does this, so many milliseconds after the last [`Later::again`].
    pub fn new(wait: i32, then: impl FnMut() + 'static) -> Self {
        Self {
            wait,
            then: Closure::new(then),
            waiting: Cell::new(None),
        }
    }

    /// Asks for it, from now on anew.
    pub fn again(&self) {
        let window = window();
        let waiting = window.set_timeout_with_callback_and_timeout_and_arguments_0(
            self.then.as_ref().unchecked_ref(),
            self.wait,
        );
        if let Some(before) = self.waiting.replace(waiting.ok()) {
            window.clear_timeout_with_handle(before);
        }
    }
}

/// Waits until the browser is about to paint.
pub async fn next_frame() {
    let frame = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().request_animation_frame(&resolve);
    });
    let _ = JsFuture::from(frame).await;
}

/// Where the cards of a page come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The server.
    Server,
    /// What the browser has kept, however old; the server, where it has kept nothing. A page of a list that one has read
    /// stays as it was read.
    Cache,
}

/// Fetches the cards of another page, without what surrounds them.
pub async fn fetch_cards(url: &str, from: From) -> Result<Document, JsValue> {
    cards_of(ask_for_cards(url, from)).await
}

/// Asks for the cards of another page; they are under way when this returns.
pub fn ask_for_cards(url: &str, from: From) -> Result<JsFuture, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "text/html")?;
    headers.set("x-fragment", "feed")?;
    let init = RequestInit::new();
    init.set_headers(&headers);
    if from == From::Cache {
        init.set_cache(web_sys::RequestCache::ForceCache);
    }
    // Made a future at once: it then has somebody who takes its failure, whoever stops waiting.
    Ok(JsFuture::from(window().fetch_with_str_and_init(url, &init)))
}

/// The cards that were asked for.
pub async fn cards_of(asked: Result<JsFuture, JsValue>) -> Result<Document, JsValue> {
    let response: Response = asked?.await?.unchecked_into();
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    let html: JsString = JsFuture::from(response.text()?).await?.unchecked_into();
    // A whole page, kept without a network, has a style in its head, and this page's policy does not allow that one.
    let body = html.index_of("<body", 0).max(0);
    let html = String::from(html.slice(body as u32, html.length()));
    web_sys::DomParser::new()?.parse_from_string(&html, web_sys::SupportedType::TextHtml)
}
