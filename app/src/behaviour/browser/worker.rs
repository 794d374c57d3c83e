//! The page's side of the service worker (`frontend/sw.js`): installing it and exchanging messages.

use js_sys::{Array, Date, JSON};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, MessageEvent, Response, ServiceWorker, ServiceWorkerContainer};

use super::{
    cookies,
    dom::{all, document, first, get, listen, window},
};

/// The browser's service workers. Browsers offer them only over HTTPS or from this machine.
fn workers() -> Option<ServiceWorkerContainer> {
    let workers = get(&window().navigator(), "serviceWorker")?;
    workers.is_object().then(|| workers.unchecked_into())
}

/// Whether a worker controls this page.
pub fn answers() -> bool {
    workers().is_some_and(|workers| workers.controller().is_some())
}

/// Whether this page was saved on this device. The worker marks such pages.
pub fn is_saved_page() -> bool {
    first("meta[name=kept]").is_some()
}

/// When this page was saved. The offline page itself has no such time.
pub fn saved_at() -> Option<Date> {
    let moment = first("meta[name=kept]")?.get_attribute("content")?;
    (!moment.is_empty()).then(|| Date::new(&JsValue::from_str(&moment)))
}

/// Receives the messages of the worker.
pub fn on_message(receive: impl Fn(&JsValue) + 'static) {
    let Some(workers) = workers() else { return };
    listen(&workers, "message", move |event: Event| {
        if let Ok(event) = event.dyn_into::<MessageEvent>() {
            receive(&event.data());
        }
    });
}

/// Installs the worker or its next version, and then sends it a message. Waits until the page has loaded, because the
/// worker downloads the files that pages need.
pub fn install(first_message: impl Fn() -> String + 'static) {
    let install = move || {
        let json = first_message();
        spawn_local(async move {
            if let Some(worker) = active().await {
                let _ = worker.post_message(&message(&json));
            }
            if !is_saved_page() {
                fetch_sheets().await;
            }
        });
    };
    if document().ready_state() == "complete" {
        install();
    } else {
        listen(&window(), "load", move |_| install());
    }
}

/// Waits for the worker of this site; `None` where the browser refuses one.
async fn active() -> Option<ServiceWorker> {
    let workers = workers()?;
    JsFuture::from(workers.register("/sw.js")).await.ok()?;
    let registration = JsFuture::from(workers.ready().ok()?).await.ok()?;
    // The next version may have waited since an earlier page.
    if let Some(waiting) =
        get(&registration, "waiting").and_then(|next| next.dyn_into::<ServiceWorker>().ok())
    {
        let _ = waiting.post_message(&message(r#"{"ask":"take over"}"#));
    }
    get(&registration, "active")?.dyn_into().ok()
}

/// Fetches the files of the style sheets that are inlined in this page. A cookie then tells the server that the next page
/// can link to them: the worker or the browser's cache has them.
async fn fetch_sheets() {
    for sheet in all("style[data-href]") {
        if let Some(href) = sheet.get_attribute("data-href") {
            let _ = fetch_sheet(&href).await;
        }
    }
}

async fn fetch_sheet(href: &str) -> Option<()> {
    let (name, version) = href
        .strip_prefix("/pkg/")?
        .strip_suffix(".css")?
        .split_once('.')?;
    let answer = JsFuture::from(window().fetch_with_str(href)).await.ok()?;
    let answer = answer.unchecked_into::<Response>();
    // The browser caches an answer only if it was read to its end.
    JsFuture::from(answer.text().ok()?).await.ok()?;
    if answer.ok() {
        cookies::set(&format!("sheet-{name}"), version);
    }
    Some(())
}

fn message(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or(JsValue::UNDEFINED)
}

/// Sends a message to the worker of this page, if it has one.
pub fn tell(json: &str) {
    if let Some(worker) = workers().and_then(|workers| workers.controller()) {
        let _ = worker.post_message(&message(json));
    }
}

/// A list in a message.
pub fn rows(of: &JsValue, name: &str) -> Vec<JsValue> {
    get(of, name)
        .filter(Array::is_array)
        .map_or_else(Vec::new, |rows| Array::from(&rows).to_vec())
}
