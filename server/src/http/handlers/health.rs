//! `/healthz`, `/readyz` and `/robots.txt`.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::state::AppState;

/// `GET /healthz`: the process is up.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers. Migrations ran before the server began to listen.
pub async fn readyz(State(state): State<AppState>) -> Response {
    match state.store.ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// `GET /robots.txt`: keeps crawlers away from personal pages and from the endless combinations of filters.
pub async fn robots(State(state): State<AppState>) -> Response {
    let rules = "User-agent: *\nDisallow: /bookmarks\nDisallow: /confirm/\nDisallow: /unsubscribe/\nDisallow: /preferences/\nDisallow: /fn/\nDisallow: /*?\n";
    let body = format!("{rules}\nSitemap: {}/sitemap.xml\n", state.public_url);
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response()
}
