//! URLs with a trailing slash. Some programs add one, and people type one.

use axum::{
    extract::Request,
    http::{Method, StatusCode, Uri},
    middleware::Next,
    response::Response,
};

use crate::http::web::responses::redirect;

/// Redirects a URL with a trailing slash to the same URL without it. The query is kept.
pub async fn without_trailing_slash(request: Request, next: Next) -> Response {
    let Some(target) = target(request.uri()) else {
        return next.run(request).await;
    };
    // A form must be sent again with its method and its fields, which 301 does not promise (RFC 9110, section 15.4).
    let status = match *request.method() {
        Method::GET | Method::HEAD => StatusCode::MOVED_PERMANENTLY,
        _ => StatusCode::PERMANENT_REDIRECT,
    };
    redirect(status, &target)
}

/// Path and query without trailing slashes in the path; `None` if there are none.
fn target(uri: &Uri) -> Option<String> {
    let path = uri.path();
    if path == "/" || !path.ends_with('/') {
        return None;
    }
    // A browser reads `//evil.example` and `/\evil.example` as a URL on another host.
    let path = path.trim_end_matches('/').trim_start_matches(['/', '\\']);
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("/{path}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target_of(uri: &str) -> Option<String> {
        target(&uri.parse().expect(uri))
    }

    #[test]
    fn the_trailing_slash_is_removed_and_the_query_is_kept() {
        for (uri, path) in [
            ("/bookmarks/", "/bookmarks"),
            ("/papers/hep-th/9901001/", "/papers/hep-th/9901001"),
            ("/feed.atom/?q=a/b/", "/feed.atom?q=a/b/"),
            ("/date/2026-11-24///", "/date/2026-11-24"),
            ("/a//b/", "/a//b"),
            ("/caf%C3%A9/?", "/caf%C3%A9?"),
            ("//", "/"),
            ("///?q=x", "/?q=x"),
            ("http://evil.example/bookmarks/", "/bookmarks"),
        ] {
            assert_eq!(target_of(uri).as_deref(), Some(path), "{uri}");
        }
        for uri in ["/", "/?q=/", "/bookmarks", "/bookmarks?next=/", "*"] {
            assert_eq!(target_of(uri), None, "{uri}");
        }
    }

    #[test]
    fn a_redirect_never_leaves_the_site() {
        for uri in [
            "//evil.example/",
            "///evil.example//",
            "/\\evil.example/",
            "/\\/evil.example/",
            "\\\\evil.example/",
            "//evil.example/%2f/",
            "//user@evil.example:80/?q",
        ] {
            let Ok(parsed) = uri.parse::<Uri>() else { continue };
            let Some(path) = target(&parsed) else { continue };
            let mut chars = path.chars();
            assert_eq!(chars.next(), Some('/'), "{uri}");
            assert!(!matches!(chars.next(), Some('/' | '\\')), "{uri} leads to {path}");
        }
    }
}
