//! What keeps readers safe on every answer, and writes to our own pages.

use std::{borrow::Cow, time::Instant};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use store::tokens::random_bytes;

use super::pages;
use crate::state::AppState;

/// The nonce of this answer's content security policy.
#[derive(Debug, Clone)]
pub struct Nonce(pub String);

/// Adds the time the answer took, for whoever looks (`Server-Timing`, W3C).
pub async fn timing(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    let took = began.elapsed();
    // How long a form took could tell what was known of what it named.
    if method != Method::POST
        && let Ok(value) = HeaderValue::from_str(&format!("app;dur={:.3}", took.as_secs_f64() * 1_000.0))
    {
        response.headers_mut().insert("server-timing", value);
    }
    // Tokens stand in paths of letters: only the first part is logged.
    let place = path.split('/').nth(1).unwrap_or_default();
    tracing::debug!(%method, place, status = response.status().as_u16(), ?took, "answered");
    response
}

/// What is no page asks for nothing and is shown in no frame.
const POLICY_OF_FILES: &str =
    "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Sets the security headers. Nothing on a page comes from elsewhere, no script stands in it, and no style but ours.
pub async fn headers(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let Ok(bytes) = random_bytes::<16>() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let nonce = BASE64_STANDARD_NO_PAD.encode(bytes);
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let mut response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let policy = if is_page {
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        .into()
    } else {
        Cow::Borrowed(POLICY_OF_FILES)
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(name).or_insert(value);
        }
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Forms without JavaScript come back to where they were posted from; other sites learn nothing.
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CONTENT_SECURITY_POLICY, &policy);
    // For what a browser shows by itself. A first visit fetches eight files, and each would repeat it.
    if is_page {
        set(header::X_FRAME_OPTIONS, "DENY");
        set(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        );
        set(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        );
    }
    if state.mail.public_url.starts_with("https://") {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Refuses writes that another site makes a browser send.
pub async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && is_foreign(request.headers(), &state.mail.public_url) {
        let (parts, _) = request.into_parts();
        return pages::trouble(
            &state,
            &parts,
            StatusCode::FORBIDDEN,
            "Refused",
            "This was sent from another site, so nothing was changed. Please use the buttons of our own pages.",
        )
        .await;
    }
    next.run(request).await
}

/// Browsers name the origin of every cross-site post (Fetch standard, "append a request `Origin` header"); programs
/// such as a mail provider's one-click unsubscribe name none.
fn is_foreign(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match headers.get(header::ORIGIN) {
        Some(origin) => {
            let Ok(origin) = origin.to_str() else { return true };
            let Some((_, host)) = origin.split_once("://") else {
                return true;
            };
            let own = public_url
                .split_once("://")
                .map_or(public_url, |(_, rest)| rest)
                .split('/')
                .next();
            let asked = text(header::HOST);
            !(own.is_some_and(|own| own.eq_ignore_ascii_case(host))
                || asked.is_some_and(|asked| asked.eq_ignore_ascii_case(host)))
        }
        None => matches!(
            text(HeaderName::from_static("sec-fetch-site")),
            Some("cross-site" | "same-site")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs_may_write() {
        let foreign = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            is_foreign(&headers, "https://papers.example.org")
        };
        assert!(!foreign(&[]));
        assert!(!foreign(&[("origin", "https://papers.example.org")]));
        assert!(!foreign(&[
            ("origin", "http://127.0.0.1:3000"),
            ("host", "127.0.0.1:3000")
        ]));
        assert!(!foreign(&[("sec-fetch-site", "same-origin")]));
        assert!(foreign(&[
            ("origin", "https://evil.example"),
            ("host", "papers.example.org")
        ]));
        assert!(foreign(&[
            ("origin", "https://papers.example.org.evil.example"),
            ("host", "papers.example.org")
        ]));
        assert!(foreign(&[("origin", "null"), ("host", "papers.example.org")]));
        assert!(foreign(&[("sec-fetch-site", "cross-site")]));
    }
}
