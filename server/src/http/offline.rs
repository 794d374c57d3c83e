//! What works without a network: the service worker, and the page it shows in the place of one it has not kept.

use std::sync::Arc;

use app::{
    pages::OfflinePage,
    shell::{Assets, Head},
};
use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use formats::feeds::etag;

use super::{conditional, pages::render, visitor::Visitor};
use crate::state::AppState;

/// The worker as it is written. What it says of itself stands in the file.
const WORKER: &str = include_str!("../../../frontend/sw.js");

/// The faces every page is set in. The others are kept when a page asks for them.
const FONTS: [&str; 3] = [
    "/fonts/broadsheet-serif.v3.woff2",
    "/fonts/broadsheet-display.v1.woff2",
    "/fonts/inter.v2.woff2",
];

/// The worker with the names of this build: another build is another text, and browsers then install it.
#[derive(Debug, Clone)]
pub struct Worker {
    script: Bytes,
    tag: Arc<str>,
}

impl Worker {
    /// Puts the names of the built front end in.
    pub fn new(assets: &Assets) -> Self {
        let mut shell = vec![
            assets.css.href.as_str(),
            assets.pages_css.href.as_str(),
            assets.boot.as_str(),
            assets.js.as_str(),
            assets.wasm.as_str(),
        ];
        shell.extend(FONTS);
        let script = format!(
            "const BUILD = {};\n{WORKER}",
            serde_json::json!({ "shell": shell })
        );
        Self {
            tag: etag(&script).into(),
            script: script.into(),
        }
    }

    /// Browsers ask with every page whether it is still the same. A worker lives by the policy of its own file, and
    /// this one fetches.
    pub fn answer(&self, headers: &HeaderMap) -> Response {
        let body = (!conditional::has(headers, &self.tag)).then(|| self.script.clone());
        let mut response = conditional::answer(body, "text/javascript; charset=utf-8", &self.tag, "no-cache");
        response.headers_mut().insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; connect-src 'self'; frame-ancestors 'none'"),
        );
        response
    }
}

/// `/offline`: what is kept on this device. The worker puts the list in, and shows the page for those it has not kept.
pub async fn page(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let head = Head {
        title: "What can be read offline".to_owned(),
        noindex: true,
        ..Head::default()
    };
    render(&state, &visitor, StatusCode::OK, head, OfflinePage).await
}
