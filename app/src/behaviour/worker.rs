//! The page's side of the service worker (`frontend/sw.js`): installing it, and talking with it.

use js_sys::{Array, Date, JSON};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, MessageEvent, Response, ServiceWorker, ServiceWorkerContainer};

use super::dom::{all, document, first, get, keep_cookie, listen, window};

/// The browser's side of service workers; none where the page does not come by HTTPS or from this machine.
fn workers() -> Option<ServiceWorkerContainer> {
    let workers = get(&window().navigator(), "serviceWorker")?;
    workers.is_object().then(|| workers.unchecked_into())
}

/// Whether a worker answers for this page.
pub fn answers() -> bool {
    workers().is_some_and(|workers| workers.controller().is_some())
}

/// Whether this page comes from this device; the worker marks those.
pub fn is_kept() -> bool {
    first("meta[name=kept]").is_some()
}

/// When it was kept; the list of what is kept is of no moment.
pub fn kept_at() -> Option<Date> {
    let moment = first("meta[name=kept]")?.get_attribute("content")?;
    (!moment.is_empty()).then(|| Date::new(&JsValue::from_str(&moment)))
}

/// Hears what the worker says.
pub fn on_message(hear: impl Fn(&JsValue) + 'static) {
    let Some(workers) = workers() else { return };
    listen(&workers, "message", move |event: Event| {
        if let Ok(event) = event.dyn_into::<MessageEvent>() {
            hear(&event.data());
        }
    });
}

/// Installs the worker, or the next one, and then says something to it. Not before the page is whole: the worker fetches
/// what pages are made of.
pub fn install(say: impl Fn() -> String + 'static) {
    let go_on = move || {
        let json = say();
        spawn_local(async move {
            if let Some(worker) = active().await {
                let _ = worker.post_message(&message(&json));
            }
            if !is_kept() {
                take_sheets().await;
            }
        });
    };
    if document().ready_state() == "complete" {
        go_on();
    } else {
        listen(&window(), "load", move |_| go_on());
    }
}

/// The worker that answers for this site, as soon as there is one; none where the browser refuses.
async fn active() -> Option<ServiceWorker> {
    let workers = workers()?;
    JsFuture::from(workers.register("/sw.js")).await.ok()?;
    let registration = JsFuture::from(workers.ready().ok()?).await.ok()?;
    // The next version, when it has waited since an earlier page.
    if let Some(waiting) =
        get(&registration, "waiting").and_then(|next| next.dyn_into::<ServiceWorker>().ok())
    {
        let _ = waiting.post_message(&message(r#"{"ask":"take over"}"#));
    }
    get(&registration, "active")?.dyn_into().ok()
}

/// Has the files of the style sheets that stand in this page, and tells the server so, that they need not stand in the
/// next one. The worker has them, or else the browser's cache does from now on.
async fn take_sheets() {
    for sheet in all("style[data-href]") {
        if let Some(href) = sheet.get_attribute("data-href") {
            let _ = take_sheet(&href).await;
        }
    }
}

async fn take_sheet(href: &str) -> Option<()> {
    let (name, version) = href
        .strip_prefix("/pkg/")?
        .strip_suffix(".css")?
        .split_once('.')?;
    let answer = JsFuture::from(window().fetch_with_str(href)).await.ok()?;
    let answer = answer.unchecked_into::<Response>();
    // To its end, or it is not kept.
    JsFuture::from(answer.text().ok()?).await.ok()?;
    if answer.ok() {
        keep_cookie(&format!("sheet-{name}"), version);
    }
    Some(())
}

fn message(json: &str) -> JsValue {
    JSON::parse(json).unwrap_or(JsValue::UNDEFINED)
}

/// Says something to the worker of this page, if it has one.
pub fn tell(json: &str) {
    if let Some(worker) = workers().and_then(|workers| workers.controller()) {
        let _ = worker.post_message(&message(json));
    }
}

/// The list under a name of a message.
pub fn rows(of: &JsValue, name: &str) -> Vec<JsValue> {
    get(of, name)
        .filter(Array::is_array)
        .map_or_else(Vec::new, |rows| Array::from(&rows).to_vec())
}
