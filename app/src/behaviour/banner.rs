//! Subscribing from the banner without leaving the page, and telling the forms which time zone this is.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlFormElement, HtmlInputElement};

use super::dom::{all, around, document, element, first, get, listen, send};

/// The browser's IANA zone, `Intl.DateTimeFormat().resolvedOptions().timeZone`.
fn zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    get(&JsValue::from(format.resolved_options()), "timeZone")?.as_string()
}

pub fn start() {
    if let Some(zone) = zone() {
        for field in all("[action='/fn/subscribe'] [name=zone]") {
            if let Ok(field) = field.dyn_into::<HtmlInputElement>()
                && field.value().is_empty()
            {
                field.set_value(&zone);
            }
        }
    }
    listen(&document(), "submit", |event: Event| {
        let Some(form) =
            around(&event, ".banner form").and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        else {
            return;
        };
        event.prevent_default();
        spawn_local(async move { answer(&form, send(&form).await) });
    });
}

fn answer(form: &HtmlFormElement, sent: Result<(), String>) {
    let closing = form.class_list().contains("close");
    for old in all(".banner .wrong") {
        old.remove();
    }
    let field = form.query_selector("input[type=email]").ok().flatten();
    if let Some(field) = &field {
        let _ = field.remove_attribute("aria-invalid");
        let _ = field.remove_attribute("aria-describedby");
    }
    match sent {
        Ok(()) if closing => {
            if let Some(banner) = first(".banner") {
                banner.remove();
            }
        }
        Ok(()) => {
            if let (Some(banner), Some(said)) = (
                first(".banner"),
                element(
                    "p",
                    "said",
                    "Check your inbox: a mail with a button is on its way.",
                ),
            ) {
                let _ = said.set_attribute("role", "status");
                let _ = said.set_attribute("tabindex", "-1");
                banner.set_inner_html("");
                let _ = banner.append_child(&said);
                if let Ok(said) = said.dyn_into::<web_sys::HtmlElement>() {
                    let _ = said.focus();
                }
            }
        }
        Err(why) => {
            if let Some(wrong) = element("p", "wrong", &why) {
                let _ = wrong.set_attribute("role", "alert");
                // Read out again with the field, not only when it appears.
                if let Some(field) = &field {
                    wrong.set_id("banner-wrong");
                    let _ = field.set_attribute("aria-invalid", "true");
                    let _ = field.set_attribute("aria-describedby", "banner-wrong");
                }
                let _ = form.append_child(&wrong);
            }
        }
    }
}
