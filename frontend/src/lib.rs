//! The browser's entry point. Only the islands of `app` live here; the rest of a page is plain HTML.

// The islands register themselves by being linked.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the script that loads the module.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
