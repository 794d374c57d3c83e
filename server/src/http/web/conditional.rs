//! Responses that are the same for every visitor and that shared caches may keep.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::responses::set;

/// Whether the client already has the body with this ETag (RFC 9110, 13.1.2).
pub fn has(request: &HeaderMap, tag: &str) -> bool {
    request
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| {
            known
                .split(',')
                .any(|known| known.trim() == "*" || known.trim().trim_start_matches("W/") == tag)
        })
}

/// The body with its headers, or 304 if `body` is `None`.
pub fn answer(body: Option<Bytes>, media_type: &str, tag: &str, cache_control: &str) -> Response {
    let mut response = match body {
        Some(body) => body.into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    for (name, value) in [
        (header::CONTENT_TYPE, media_type),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, cache_control),
    ] {
        set(&mut response, name, value);
    }
    response
}
