//! Answers that are the same for everybody and that anybody may keep.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Whether the asker has what this tag stands for (RFC 9110, 13.1.2).
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

/// The answer, or with `None` that the asker has it already. `kept` says for how long it need not be asked for again.
pub fn answer(body: Option<Bytes>, media_type: &str, tag: &str, kept: &str) -> Response {
    let mut response = match body {
        Some(body) => body.into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, media_type),
        (header::ETAG, tag),
        (header::CACHE_CONTROL, kept),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}
