//! The built front end, as static files.

use axum::{
    Router,
    extract::OriginalUri,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{service_worker::ServiceWorker, web::page_error::PageError};
use crate::{
    front_end::{
        Site,
        scripts::{RELOAD, boot},
    },
    state::AppState,
};

/// One year: the name changes with the content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ONE_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// `/pkg`, `/fonts`, the icons, the manifest and the service worker.
pub fn routes(state: &AppState) -> Router<AppState> {
    let Some(front_end) = &state.front_end else {
        return Router::new();
    };
    let (site, assets) = (&front_end.site, &front_end.assets);
    let mut router = Router::new();
    for (path, cache_control) in [
        ("/pkg/{*file}", IMMUTABLE),
        ("/fonts/{*file}", IMMUTABLE),
        ("/icons/{*file}", ONE_DAY),
        ("/favicon.svg", ONE_DAY),
        ("/manifest.webmanifest", ONE_DAY),
    ] {
        let site = site.clone();
        router = router.route(
            path,
            get(move |uri: OriginalUri, headers: HeaderMap| async move {
                file(&site, &uri, &headers, cache_control)
            }),
        );
    }
    let (script, worker) = (boot(&assets.js, &assets.wasm), ServiceWorker::new(assets));
    router
        .route(
            &assets.boot,
            get(move || async move {
                let headers = [
                    (header::CONTENT_TYPE, SCRIPT),
                    (header::CACHE_CONTROL, IMMUTABLE),
                    (header::VARY, HeaderValue::from_static("accept-encoding")),
                ];
                (headers, script).into_response()
            }),
        )
        .route(
            "/sw.js",
            get(move |headers: HeaderMap| async move { worker.answer(&headers) }),
        )
}

const SCRIPT: HeaderValue = HeaderValue::from_static("text/javascript; charset=utf-8");

fn file(site: &Site, uri: &Uri, headers: &HeaderMap, cache_control: HeaderValue) -> Response {
    let name = uri.path().trim_start_matches('/');
    if let Some(response) = site.respond(name, headers, cache_control) {
        return response;
    }
    if is_script_of_another_build(name) {
        let headers = [
            (header::CONTENT_TYPE, SCRIPT),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        return (headers, RELOAD).into_response();
    }
    PageError::not_found().into_response()
}

/// Whether this names a script as the bundler and the server name them: `pkg/boot.<16 hex digits>.js`.
fn is_script_of_another_build(name: &str) -> bool {
    ["pkg/boot.", "pkg/broadsheet."].iter().any(|prefix| {
        name.strip_prefix(prefix)
            .and_then(|rest| rest.strip_suffix(".js"))
            .is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}
