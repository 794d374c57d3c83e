//! The files of the built front end.

use std::sync::Arc;

use leptos::prelude::*;

/// The built front end. The names of its files contain hashes of their content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// The style of every page, and all that a list needs.
    pub css: Sheet,
    /// The further style of pages that are not lists.
    pub pages_css: Sheet,
    /// The script that loads the WebAssembly module and starts the island.
    pub boot: String,
    /// The JavaScript side of the module.
    pub js: String,
    /// The WebAssembly side of the module.
    pub wasm: String,
}

/// A style sheet. It is inlined for browsers that do not have its file yet: on a slow network the request for a file
/// would delay the first paint by a round trip. Once the page has loaded, the island fetches the file and says so in a
/// cookie (`behaviour/browser/worker.rs`). Without scripts the sheet is inlined in every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The path of its file.
    pub href: String,
    /// The part of the file's name that changes with its content.
    pub version: String,
    /// Its content; never contains `</style`.
    pub text: Arc<str>,
}

/// Links to the file of a sheet if the browser has it, else inlines the sheet.
pub(super) fn style(sheet: &Sheet, cached: &[String], nonce: &str) -> AnyView {
    if cached.contains(&sheet.version) {
        view! { <link rel="stylesheet" href=sheet.href.clone()/> }.into_any()
    } else {
        view! { <style nonce=nonce.to_owned() data-href=sheet.href.clone() inner_html=sheet.text.clone()></style> }.into_any()
    }
}

/// The style sheets and scripts of a page. `is_list` leaves out the style that lists do not need.
pub(super) fn files(assets: &Assets, cached: &[String], nonce: &str, is_list: bool) -> AnyView {
    view! {
        {style(&assets.css, cached, nonce)}
        {(!is_list).then(|| style(&assets.pages_css, cached, nonce))}
        // Low priority: on a slow network they would delay the style and the fonts that the first paint needs.
        <link rel="modulepreload" href=assets.js.clone() fetchpriority="low"/>
        <link rel="preload" href=assets.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous" fetchpriority="low"/>
        <script type="module" src=assets.boot.clone() nonce=nonce.to_owned()></script>
    }
    .into_any()
}
