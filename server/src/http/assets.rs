//! The built front end: its file names, and its files as static responses.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use app::shell::{Assets, Sheet};
use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::text::fingerprint;
use tower_http::services::{ServeDir, ServeFile};

use super::service_worker::ServiceWorker;
use crate::state::AppState;

/// One year: the name changes with the content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ONE_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// `/pkg`, `/fonts`, the icons, the manifest and the service worker. Beside each file are its compressed forms.
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
        let worker = ServiceWorker::new(assets);
        router = router.route(
            "/sw.js",
            get(move |headers: HeaderMap| async move { worker.answer(&headers) }),
        );
    }
    router
}

/// The script that loads the module after the first paint and hydrates the island. It does what Leptos' inline script
/// does; as a file it needs no exception in the content security policy.
///
/// The script also handles cross-fades between pages:
/// - A browser that skips a fade rejects its promises and reports them as errors
///   (<https://github.com/w3c/csswg-drafts/issues/13726>). The script ignores these rejections.
/// - If only the query changes, as between two filters, nothing fades: the snapshot of the old page costs a third of the
///   time until the new page appears.
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

/// Reads the names of the built files from the bundler's `hash.txt`, and the style sheets.
pub fn read_assets(site: &Path) -> anyhow::Result<Assets> {
    let path = site.join("hash.txt");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let hash = |kind: &str| {
        text.lines()
            .find_map(|line| {
                line.split_once(':')
                    .filter(|(name, _)| name.trim() == kind)
                    .map(|(_, hash)| hash.trim().to_owned())
            })
            .with_context(|| {
                format!(
                    "{} does not name the {kind} file; build the front end again",
                    path.display()
                )
            })
    };
    let sheet = |name: &str, version: String| {
        let href = format!("/pkg/{name}.{version}.css");
        let file = site.join(href.trim_start_matches('/'));
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("cannot read {}; build the front end again", file.display()))?;
        ensure!(
            !text.to_ascii_lowercase().contains("</style"),
            "{} holds `</style`, which would end it in a page",
            file.display()
        );
        Ok(Sheet {
            href,
            version,
            text: text.into(),
        })
    };
    let js = format!("/pkg/broadsheet.{}.js", hash("js")?);
    let wasm = format!("/pkg/broadsheet.{}.wasm", hash("wasm")?);
    let boot = fingerprint(&boot(&js, &wasm));
    Ok(Assets {
        css: sheet("broadsheet", hash("css")?)?,
        pages_css: sheet("pages", hash("pages")?)?,
        boot: format!("/pkg/boot.{boot:016x}.js"),
        js,
        wasm,
    })
}

async fn immutable(request: Request, next: Next) -> Response {
    cached(next.run(request).await, IMMUTABLE)
}

async fn daily(request: Request, next: Next) -> Response {
    cached(next.run(request).await, ONE_DAY)
}

fn cached(mut response: Response, value: HeaderValue) -> Response {
    // A 304 has the headers that the 200 would have (RFC 9110, section 15.4.5).
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CACHE_CONTROL, value);
        response
            .headers_mut()
            .append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}
