//! The built front end, as static files.

use std::path::PathBuf;

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::services::{ServeDir, ServeFile};

use super::offline;
use crate::state::AppState;

/// A year: the name changes with the content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ONE_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// `/pkg`, `/fonts`, the icons, the manifest and the service worker. Files lie precompressed beside themselves.
pub fn routes(state: &AppState, site: Option<PathBuf>) -> Router<AppState> {
    let Some(site) = site else { return Router::new() };
    let folder = |name: &str| {
        ServeDir::new(site.join(name))
            .precompressed_br()
            .precompressed_gzip()
    };
    let mut router = Router::new()
        .nest_service("/pkg", folder("pkg"))
        .nest_service("/fonts", folder("fonts"));
    if let Some(assets) = &state.assets {
        let script = boot(&assets.js, &assets.wasm);
        router = router.route(
            &assets.boot,
            get(move || async move {
                ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script).into_response()
            }),
        );
    }
    let router = router.layer(from_fn(immutable));
    let icons = Router::new()
        .route_service("/favicon.svg", ServeFile::new(site.join("favicon.svg")))
        .route_service(
            "/manifest.webmanifest",
            ServeFile::new(site.join("manifest.webmanifest"))
                .precompressed_br()
                .precompressed_gzip(),
        )
        .nest_service("/icons", folder("icons"))
        .layer(from_fn(daily));
    let mut router = router.merge(icons);
    if let Some(assets) = &state.assets {
        let worker = offline::Worker::new(assets);
        router = router.route(
            "/sw.js",
            get(move |headers: HeaderMap| async move { worker.answer(&headers) }),
        );
    }
    router
}

/// Loads the module once the page is read and wakes the island: what Leptos' own inline script does, as a file, so that
/// the policy needs no exception for it.
///
/// A browser that skips the cross-fade between two pages (the next one came too soon, the tab is hidden) rejects promises
/// that nobody asked for and reports them as errors (<https://github.com/w3c/csswg-drafts/issues/13726>). A fade that did
/// not happen is no error. From an address to the same with another query, as from a list to a narrower one, nothing
/// fades: taking the picture of the old page costs a third of the time until the new one shows. And a page in sight is
/// painted before it is made to act.
pub fn boot(js: &str, wasm: &str) -> String {
    format!(
        "for (const moment of ['pageswap', 'pagereveal']) addEventListener(moment, ({{ viewTransition: fade, activation }}) => {{\n\
         \x20 for (const promise of fade ? [fade.ready, fade.updateCallbackDone, fade.finished] : []) promise?.catch(() => {{}});\n\
         \x20 if (activation?.entry?.url && new URL(activation.entry.url).pathname === location.pathname) fade?.skipTransition();\n\
         }});\n\
         if (!document.hidden) await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));\n\
         const {{ default: init, ...islands }} = await import({js:?});\n\
         await init({{ module_or_path: {wasm:?} }});\n\
         islands.hydrate();\n\
         for (const island of document.querySelectorAll('leptos-island')) islands[island.dataset.component]?.(island);\n",
    )
}

async fn immutable(request: Request, next: Next) -> Response {
    cached(next.run(request).await, IMMUTABLE)
}

async fn daily(request: Request, next: Next) -> Response {
    cached(next.run(request).await, ONE_DAY)
}

fn cached(mut response: Response, value: HeaderValue) -> Response {
    // A 304 says what the 200 would have said (RFC 9110, section 15.4.5).
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
        response
            .headers_mut()
            .append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}
