//! Security headers on every response, and the check that forms come from our own pages.

use std::borrow::Cow;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use store::tokens::random_bytes;

use super::limits::is_read;
use crate::{
    http::web::{nonce::Nonce, page_error::PageError},
    state::AppState,
};

/// Responses that are not pages load nothing and must not be framed.
const FILE_POLICY: &str = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of a page. Everything is loaded from this site; inline scripts and styles need the nonce.
fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Sets the security headers of every response.
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
        page_policy(&nonce).into()
    } else {
        Cow::Borrowed(FILE_POLICY)
    };
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(name).or_insert(value);
        }
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Forms without JavaScript return to the page that they were posted from. Other sites get no referrer.
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CONTENT_SECURITY_POLICY, &policy);
    // Only pages need these. A first visit fetches eight files, and each would repeat the headers.
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
    if state.public_url.starts_with("https://") {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Refuses writes that another site makes a browser send.
pub async fn same_origin(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !is_read(request.method()) && is_foreign(request.headers(), &state.public_url) {
        return PageError::new(
            StatusCode::FORBIDDEN,
            "Request refused",
            "This form was sent from another site, so nothing was changed. Please use the buttons on our own pages.",
        )
        .or_json()
        .into_response();
    }
    next.run(request).await
}

/// Whether another site sent this. Browsers name the origin of every cross-site post (Fetch standard, "append a request
/// `Origin` header"). Programs, such as the one-click unsubscribe of an email provider, name none.
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
