//! The three densities of a list, changed without loading the page again.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event};

use super::{
    cookies,
    dom::{all, around, document, get, listen},
    post::post_fields,
};

/// Listens for the buttons above the list.
pub fn start() {
    listen(&document(), "submit", |event: Event| {
        if around(&event, "form.densities").is_none() {
            return;
        }
        event.prevent_default();
        if let Some(button) = get(&event, "submitter").and_then(|button| button.dyn_into::<Element>().ok()) {
            choose(&button);
        }
    });
}

/// Shows a density and saves it for the next page. The server sets the cookie as well: some browsers delete cookies set
/// by scripts after a week.
fn choose(chosen: &Element) {
    let Some(density) = chosen.get_attribute("value") else {
        return;
    };
    cookies::set("density", &density);
    cookies::note_settings();
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-density", &density);
    }
    spawn_local(async move {
        let _ = post_fields("/fn/set_settings", &[("density", &density)]).await;
    });
    for button in all(".densities button") {
        let _ = button.set_attribute("aria-pressed", if button == *chosen { "true" } else { "false" });
    }
}
