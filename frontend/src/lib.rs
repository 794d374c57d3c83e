//! The browser's entry point. Only the islands of `app` live here; the rest of a page is plain HTML.

// The islands register themselves by being linked.
#[allow(unused_imports, clippy::single_component_path_imports, reason = "names the crate so that its islands are linked")]
use app::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the script that loads the module.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
