//! What works without a network: the service worker, and the page it shows in the place of one it has not kept.

use std::sync::Arc;

use app::{
    pages::OfflinePage,
    shell::{Assets, Head},
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use backend::feeds::etag;

use super::{pages::render, visitor::Visitor};
use crate::state::AppState;

/// The worker as it is written. What it says of itself stands in the file.
const WORKER: &str = include_str!("../../../frontend/sw.js");

/// The faces every page is set in. The others are kept when a page asks for them.
const FONTS: [&str; 3] = [
    "/fonts/broadsheet-serif.v1.woff2",
    "/fonts/broadsheet-display.v1.woff2",
    "/fonts/inter.v1.woff2",
];

/// The worker with the names of this build: another build is another text, and browsers then install it.
#[derive(Debug, Clone)]
pub struct Worker {
    script: Arc<str>,
    tag: Arc<str>,
}

impl Worker {
    /// Puts the names of the built front end in.
    pub fn new(assets: &Assets) -> Self {
        let mut shell = vec![
            assets.css.as_str(),
            assets.pages_css.as_str(),
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

    /// Browsers ask with every page whether it is still the same.
    pub fn answer(&self, headers: &HeaderMap) -> Response {
        let known = headers
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|known| {
                known
                    .split(',')
                    .any(|known| known.trim().trim_start_matches("W/") == &*self.tag)
            });
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            self.script.to_string().into_response()
        };
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/javascript; charset=utf-8"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
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
