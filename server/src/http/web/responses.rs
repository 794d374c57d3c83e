//! Responses that need neither the database nor the visitor.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

/// HTML with its headers. Pages are personal (bookmarks, theme), so only the browser keeps them and revalidates them.
pub fn html(status: StatusCode, html: String) -> Response {
    let mut response = (status, html).into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::VARY, "cookie, x-fragment"),
    ] {
        set(&mut response, name, value);
    }
    response
}

/// Sends the browser to another address, by GET.
pub fn redirect(status: StatusCode, to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(location) => (status, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file to save. `name` holds only letters, digits, dots and hyphens.
pub fn download(name: &str, media_type: &str, cache_control: &str, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    set(&mut response, header::CONTENT_TYPE, media_type);
    set(&mut response, header::CACHE_CONTROL, cache_control);
    let disposition = format!("attachment; filename=\"{name}\"");
    set(&mut response, header::CONTENT_DISPOSITION, &disposition);
    response
}

/// A BibTeX file to save.
pub fn bibtex_file(name: &str, entries: String) -> Response {
    download(
        name,
        "application/x-bibtex; charset=utf-8",
        "private, no-cache",
        entries,
    )
}

/// Sets a header; a value that no header can hold is left out.
pub fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Whether the client accepts HTML: a browser does, most programs do not.
pub fn wants_html(request: &Parts) -> bool {
    request
        .headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// An error for a program, as JSON (RFC 9457).
pub fn problem(status: StatusCode, title: &str, detail: &str) -> Response {
    let body = serde_json::json!({ "type": "about:blank", "status": status.as_u16(), "title": title, "detail": detail });
    (
        status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}
