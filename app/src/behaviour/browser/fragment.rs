//! Fetching the cards of another page of a list, without what surrounds them.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Headers, RequestCache, RequestInit, Response};

use super::dom::window;

/// Where the cards of a page come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The server.
    Server,
    /// The browser's cache, however old; the server if the cache has nothing. A list that was read stays as it was.
    Cache,
}

/// Fetches the cards of another page.
pub async fn fetch_cards(url: &str, source: Source) -> Result<Document, JsValue> {
    parse_cards(request_cards(url, source)).await
}

/// Requests the cards of another page. The request is under way when this returns.
pub fn request_cards(url: &str, source: Source) -> Result<JsFuture, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "text/html")?;
    headers.set("x-fragment", "feed")?;
    let init = RequestInit::new();
    init.set_headers(&headers);
    if source == Source::Cache {
        init.set_cache(RequestCache::ForceCache);
    }
    // A `JsFuture` handles the rejection of its promise even if it is never awaited.
    Ok(JsFuture::from(window().fetch_with_str_and_init(url, &init)))
}

/// Waits for the answer to a request and parses it.
pub async fn parse_cards(request: Result<JsFuture, JsValue>) -> Result<Document, JsValue> {
    let response: Response = request?.await?.unchecked_into();
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    let html: JsString = JsFuture::from(response.text()?).await?.unchecked_into();
    // A whole page that was saved for offline use has a style element in its head. This page's content security policy
    // does not allow that element.
    let body = html.index_of("<body", 0).max(0);
    let html = String::from(html.slice(body as u32, html.length()));
    web_sys::DomParser::new()?.parse_from_string(&html, web_sys::SupportedType::TextHtml)
}
