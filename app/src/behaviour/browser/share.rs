//! Sharing a paper: its address, its BibTeX, or the share sheet of the system.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, HtmlAnchorElement, HtmlElement, HtmlTextAreaElement, MouseEvent, Response};

use super::{
    dom::{around, document, element, first, get, listen, window},
    toast,
};

/// Shows the buttons that need scripts, and listens for them.
pub fn start() {
    for button in ["article.paper .share", "article.paper .copy"] {
        let Some(button) = first(button).and_then(|button| button.dyn_into::<HtmlElement>().ok()) else {
            continue;
        };
        button.set_hidden(false);
        if let Some(item) = button
            .parent_element()
            .filter(|item| item.tag_name() == "LI")
            .and_then(|item| item.dyn_into::<HtmlElement>().ok())
        {
            item.set_hidden(false);
        }
    }
    listen(&document(), "click", |event: Event| on_click(&event));
}

fn on_click(event: &Event) {
    // With a modifier key the browser opens a new tab or window.
    let plain = event
        .dyn_ref::<MouseEvent>()
        .is_none_or(|event| !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()));
    if !plain {
        return;
    }
    if let Some(link) =
        around(event, ".links .cite").and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
    {
        event.prevent_default();
        spawn_local(copy_bibtex(link.href()));
    } else if around(event, "article.paper .copy").is_some() {
        if let Some(text) = first("article.paper pre").and_then(|text| text.text_content()) {
            spawn_local(copy(text, "BibTeX copied."));
        }
    } else if let Some(shared) = around(event, ".share") {
        event.prevent_default();
        let title = shared
            .closest("article")
            .ok()
            .flatten()
            .and_then(|article| article.query_selector("h1, h2").ok()?)
            .and_then(|title| title.text_content())
            .unwrap_or_default();
        let url = shared
            .dyn_into::<HtmlAnchorElement>()
            .map(|link| link.href())
            .or_else(|_| window().location().href())
            .unwrap_or_default();
        spawn_local(share(title, url));
    }
}

/// Copies the BibTeX of a card, or of the paper's own page: `c`.
pub fn cite(card: &Element) -> bool {
    if let Ok(Some(text)) = card.query_selector("pre") {
        spawn_local(copy(text.text_content().unwrap_or_default(), "BibTeX copied."));
        return true;
    }
    let link = card.query_selector(".links .cite").ok().flatten();
    link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok())
        .is_some_and(|link| {
            spawn_local(copy_bibtex(link.href()));
            true
        })
}

/// Copies the address of a card, or of the paper's own page: `y`.
pub fn copy_link(card: &Element) -> bool {
    let link = card.query_selector(".card-title a").ok().flatten();
    let url = match link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        Some(link) => link.href(),
        None => window().location().href().unwrap_or_default(),
    };
    spawn_local(copy(url, "Link copied."));
    true
}

async fn copy_bibtex(url: String) {
    let text = async {
        let response: Response = JsFuture::from(window().fetch_with_str(&url))
            .await
            .ok()?
            .unchecked_into();
        if !response.ok() {
            return None;
        }
        JsFuture::from(response.text().ok()?).await.ok()?.as_string()
    };
    match text.await {
        Some(text) => copy(text, "BibTeX copied.").await,
        None => toast::say("Couldn’t load the BibTeX."),
    }
}

/// Opens the share sheet of the system; copies the address where there is none.
async fn share(title: String, url: String) {
    let navigator = JsValue::from(window().navigator());
    let sheet = get(&navigator, "share").and_then(|share| share.dyn_into::<Function>().ok());
    if let Some(sheet) = sheet {
        let what = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&what, &"title".into(), &title.into());
        let _ = js_sys::Reflect::set(&what, &"url".into(), &url.clone().into());
        let answer = sheet
            .call1(&navigator, &what)
            .and_then(|answer| answer.dyn_into::<Promise>());
        if let Ok(answer) = answer {
            match JsFuture::from(answer).await {
                Ok(_) => return,
                // The reader closed the sheet.
                Err(why)
                    if get(&why, "name").and_then(|name| name.as_string()).as_deref()
                        == Some("AbortError") =>
                {
                    return;
                }
                Err(_) => {}
            }
        }
    }
    copy(url, "Link copied.").await;
}

/// Copies a text to the clipboard. A page without TLS may not use the Clipboard API and copies a selection instead.
async fn copy(text: String, success: &str) {
    let clipboard = get(&JsValue::from(window().navigator()), "clipboard");
    let write = clipboard
        .as_ref()
        .filter(|clipboard| clipboard.is_object())
        .and_then(|clipboard| get(clipboard, "writeText")?.dyn_into::<Function>().ok());
    let mut copied = false;
    if let (Some(clipboard), Some(write)) = (clipboard, write)
        && let Ok(answer) = write.call1(&clipboard, &JsValue::from_str(&text))
        && let Ok(answer) = answer.dyn_into::<Promise>()
    {
        copied = JsFuture::from(answer).await.is_ok();
    }
    if !copied {
        copied = copy_by_selection(&text).unwrap_or(false);
    }
    toast::say(if copied {
        success
    } else {
        "Copying is blocked by your browser."
    });
}

fn copy_by_selection(text: &str) -> Option<bool> {
    let field: HtmlTextAreaElement = element("textarea", "vh", "")?.dyn_into().ok()?;
    field.set_value(text);
    let before = document().active_element();
    document().body()?.append_child(&field).ok()?;
    field.select();
    let page = document().dyn_into::<web_sys::HtmlDocument>().ok()?;
    let copied = page.exec_command("copy").unwrap_or(false);
    field.remove();
    if let Some(before) = before.and_then(|before| before.dyn_into::<HtmlElement>().ok()) {
        let _ = before.focus();
    }
    Some(copied)
}
