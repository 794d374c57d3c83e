//! For whoever watches the process.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::state::AppState;

/// The process is up.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers; migrations ran before we listened.
pub async fn readyz(State(state): State<AppState>) -> Response {
    match state.store.ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Personal pages and endless filters are not for crawlers.
pub async fn robots(State(state): State<AppState>) -> Response {
    let rules = "User-agent: *\nDisallow: /bookmarks\nDisallow: /confirm/\nDisallow: /unsubscribe/\nDisallow: /preferences/\nDisallow: /fn/\nDisallow: /*?\n";
    let body = format!("{rules}\nSitemap: {}/sitemap.xml\n", state.mail.public_url);
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response()
}
