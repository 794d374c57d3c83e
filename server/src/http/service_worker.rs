//! The service worker, which makes pages available offline.

use std::sync::Arc;

use app::shell::Assets;
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use formats::feeds::etag;

use super::web::conditional;

/// The source of the worker. Its first comment explains it.
const SOURCE: &str = include_str!("../../../frontend/sw.js");

/// The fonts that every page uses. The worker stores the others when a page loads them.
const FONTS: [&str; 3] = [
    "/fonts/broadsheet-serif.v3.woff2",
    "/fonts/broadsheet-display.v1.woff2",
    "/fonts/inter.v2.woff2",
];

/// The worker with the file names of this build. A new build changes the text, so browsers install it.
#[derive(Debug, Clone)]
pub struct ServiceWorker {
    script: Bytes,
    tag: Arc<str>,
}

impl ServiceWorker {
    /// The worker for this front end.
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
            "const BUILD = {};\n{SOURCE}",
            serde_json::json!({ "shell": shell })
        );
        Self {
            tag: etag(&script).into(),
            script: script.into(),
        }
    }

    /// The script, or 304: browsers check with every page whether it has changed. A worker obeys the content security
    /// policy of its own file, and this worker sends requests.
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
