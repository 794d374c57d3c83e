//! The entry point in the browser. It runs the islands of `app`; the rest of a page is plain HTML.

// Linking `app` registers its islands.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the script that loads the module.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
