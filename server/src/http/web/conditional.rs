//! Responses that are the same for every visitor and that shared caches may keep.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::responses::set;

/// The weak form of a validator. A weak one may stand for every encoding of a body (RFC 9110, 8.8.3.3).
pub fn weak(tag: &str) -> String {
    format!("W/{tag}")
}

/// What proxies and servers append to a validator when they compress a response, after one of `-`, `;` and `:`.
const ENCODINGS: [&str; 6] = ["gzip", "br", "zstd", "deflate", "gz", "df"];

/// Whether the client already has the body with this ETag (RFC 9110, 13.1.2). The comparison is weak.
pub fn has(request: &HeaderMap, tag: &str) -> bool {
    let tag = opaque(tag);
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|known| known.split(','))
        .any(|known| known.trim() == "*" || opaque(known) == tag)
}

/// The text between the quotation marks of an ETag, without the name of an encoding at its end. Apache writes
/// `"tag-gzip"`, Jetty `"tag--gzip"`, others `"tag;gzip"` or `"tag"-gzip`.
fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag);
    let tag = ENCODINGS
        .iter()
        .find_map(|encoding| {
            let rest = tag.trim_end_matches('"').strip_suffix(encoding)?;
            rest.ends_with(['-', ';', ':']).then_some(rest)
        })
        .map_or(tag, |rest| rest.trim_end_matches(['-', ';', ':']));
    tag.trim_matches('"')
}

/// The body with its headers, or 304 if `body` is `None`. The validator is weak.
pub fn answer(body: Option<Bytes>, media_type: &str, tag: &str, cache_control: &str) -> Response {
    let mut response = match body {
        Some(body) => body.into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    for (name, value) in [
        (header::CONTENT_TYPE, media_type),
        (header::ETAG, &*weak(tag)),
        (header::CACHE_CONTROL, cache_control),
    ] {
        set(&mut response, name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_validator_is_recognised_in_every_form_that_programs_send_back() {
        for (sent, expected) in [
            (r#""abc""#, true),
            (r#"W/"abc""#, true),
            (r#"W/"abc-gzip""#, true),
            (r#""abc-br""#, true),
            (r#""abc;gzip""#, true),
            (r#""abc--gzip""#, true),
            (r#""abc:zstd""#, true),
            (r#""abc"-gzip"#, true),
            (r#""other", W/"abc-gzip""#, true),
            ("abc", true),
            ("*", true),
            (r#""abd""#, false),
            (r#""ab""#, false),
            (r#""abcgzip""#, false),
            (r#""-gzip""#, false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static(sent));
            assert_eq!(has(&headers, r#""abc""#), expected, "{sent}");
        }
    }
}
