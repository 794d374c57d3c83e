//! The cookies of a request.

use axum::http::{HeaderMap, header};

/// All cookies of a request in one line, as if they were sent in one header.
pub fn cookies(headers: &HeaderMap) -> String {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join("; ")
}
