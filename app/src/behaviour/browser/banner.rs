//! Subscribing from the banner without leaving the page, and filling in the time zone of subscription forms.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{
    dom::{all, around, document, element, first, get, listen},
    post::{Sent, post_form},
};

/// The browser's IANA zone, `Intl.DateTimeFormat().resolvedOptions().timeZone`.
fn zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    get(&JsValue::from(format.resolved_options()), "timeZone")?.as_string()
}

/// Fills in the time zone, and listens for the forms of the banner.
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
        spawn_local(async move { show_answer(&form, post_form(&form).await) });
    });
}

fn show_answer(form: &HtmlFormElement, sent: Result<Sent, String>) {
    let closing = form.class_list().contains("close");
    for old in all(".banner .wrong") {
        old.remove();
    }
    let field = form.query_selector("input[name=email]").ok().flatten();
    if let Some(field) = &field {
        let _ = field.remove_attribute("aria-invalid");
        let _ = field.remove_attribute("aria-describedby");
    }
    match sent {
        Ok(_) if closing => {
            if let Some(banner) = first(".banner") {
                banner.remove();
            }
        }
        Ok(_) => replace_banner(),
        Err(why) => show_error(form, field.as_ref(), &why),
    }
}

/// Shows that the address was sent, in place of the forms.
fn replace_banner() {
    if let (Some(banner), Some(text)) = (
        first(".banner"),
        element("p", "said", "Check your inbox to confirm."),
    ) {
        let _ = text.set_attribute("role", "status");
        let _ = text.set_attribute("tabindex", "-1");
        banner.set_inner_html("");
        let _ = banner.append_child(&text);
        if let Ok(text) = text.dyn_into::<HtmlElement>() {
            let _ = text.focus();
        }
    }
}

fn show_error(form: &HtmlFormElement, field: Option<&Element>, why: &str) {
    let Some(error) = element("p", "wrong", why) else {
        return;
    };
    let _ = error.set_attribute("role", "alert");
    // Screen readers then read the error again with the field, not only when it appears.
    if let Some(field) = field {
        error.set_id("banner-wrong");
        let _ = field.set_attribute("aria-invalid", "true");
        let _ = field.set_attribute("aria-describedby", "banner-wrong");
    }
    let _ = form.append_child(&error);
}
