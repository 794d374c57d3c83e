//! Sending forms and fields to the server functions.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams};

use super::dom::{get, window};

/// The error when the server was not reached.
const UNREACHABLE: &str = "The server did not answer. Nothing was changed; please try again.";

/// What became of a form that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The server has it.
    Done,
    /// The server did not answer. The service worker has saved the form and sends it later.
    Waiting,
}

/// Sends a form to its own action. The error is a text for the reader.
pub async fn post_form(form: &HtmlFormElement) -> Result<Sent, String> {
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

/// Sends fields. Gives the text of the answer; the error is a text for the reader.
pub async fn post_fields(action: &str, fields: &[(&str, &str)]) -> Result<String, String> {
    let body = UrlSearchParams::new_with_record_from_str_to_str(&js_sys::Object::new())
        .map_err(|_| UNREACHABLE.to_owned())?;
    for (name, value) in fields {
        body.append(name, value);
    }
    post_body(action, &body).await.map(|(_, text)| text)
}

async fn post_body(action: &str, body: &UrlSearchParams) -> Result<(Sent, String), String> {
    let unreachable = |_| UNREACHABLE.to_owned();
    let headers = Headers::new().map_err(unreachable)?;
    headers.set("accept", "application/json").map_err(unreachable)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(body);
    // The request outlives the page: a reader may press a button and leave at once.
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
        // The service worker answers 202 for what it has saved.
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
