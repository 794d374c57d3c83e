//! The response to a test's request, and what tests expect of it.

use axum::http::{HeaderMap, StatusCode, header};

use super::html::{attribute, attribute_names, tags};

/// A response, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub what: String,
}

impl Answer {
    pub fn header(&self, name: impl AsRef<str>) -> &str {
        self.headers
            .get(name.as_ref())
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    /// The keys of the papers on the page, in order.
    pub fn cards(&self) -> Vec<String> {
        self.articles()
            .iter()
            .map(|article| attribute(article, r#"name="paper" value=""#))
            .collect()
    }

    /// The cards as HTML, in order.
    pub fn articles(&self) -> Vec<String> {
        self.body
            .split("<article ")
            .filter(|rest| {
                rest.split('>')
                    .next()
                    .is_some_and(|tag| tag.contains(r#"class="card"#))
            })
            .map(|rest| rest.split("</article>").next().unwrap_or_default().to_owned())
            .collect()
    }

    /// The address of the next page.
    pub fn next(&self) -> Option<String> {
        self.body
            .split("<a ")
            .filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
            .find(|tag| tag.contains(r#"rel="next""#))
            .map(|tag| attribute(tag, r#"href=""#).replace("&amp;", "&"))
    }

    /// The `name=value` of a cookie that was set, to be sent back.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .find(|value| value.starts_with(&format!("{name}=")))
            .and_then(|value| value.split(';').next())
            .map(ToOwned::to_owned)
    }

    /// Whether the body contains this text.
    pub fn says(&self, words: &str) -> bool {
        self.body.contains(words)
    }

    #[track_caller]
    pub fn assert_says(&self, words: &str) {
        assert!(self.says(words), "{}: no “{words}” in\n{}", self.what, self.body);
    }

    /// An error page is a whole page with its status and words.
    #[track_caller]
    pub fn assert_error(&self, status: StatusCode, words: &str) {
        assert_eq!(self.status, status, "{}: {}", self.what, self.body);
        assert_eq!(
            self.header(header::CONTENT_TYPE),
            "text/html; charset=utf-8",
            "{}",
            self.what
        );
        assert!(self.body.starts_with("<!doctype html>"), "{}", self.what);
        self.assert_says("role=\"alert\"");
        self.assert_says(words);
    }

    /// An error for a program is RFC 9457's.
    #[track_caller]
    pub fn assert_problem(&self, status: StatusCode, words: &str) {
        assert_eq!(self.status, status, "{}: {}", self.what, self.body);
        assert_eq!(
            self.header(header::CONTENT_TYPE),
            "application/problem+json",
            "{}",
            self.what
        );
        let problem: serde_json::Value = serde_json::from_str(&self.body).expect("JSON");
        assert_eq!(problem["status"], status.as_u16(), "{}", self.what);
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(words), "{}: no “{words}” in {detail}", self.what);
    }

    /// What holds for every response.
    #[track_caller]
    pub fn assert_safe(&self) {
        let policy = self.header(header::CONTENT_SECURITY_POLICY);
        let what = &self.what;
        assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
        assert!(!policy.contains("unsafe-inline"), "{what}: {policy}");
        assert!(!policy.contains("'unsafe-eval'"), "{what}: {policy}");
        assert_eq!(self.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{what}");
        assert_eq!(self.header(header::REFERRER_POLICY), "same-origin", "{what}");
        if self.header(header::CONTENT_TYPE).starts_with("text/html") {
            assert!(policy.contains("script-src 'self' 'nonce-"), "{what}: {policy}");
            assert_eq!(self.header(header::X_FRAME_OPTIONS), "DENY", "{what}");
            self.assert_nothing_inline();
        }
        self.assert_no_internals();
    }

    /// Scripts come from files, styles have the nonce, and no attribute holds either.
    #[track_caller]
    fn assert_nothing_inline(&self) {
        let policy = self.header(header::CONTENT_SECURITY_POLICY);
        for tag in tags(&self.body) {
            let name = tag.split([' ', '/', '>']).next().unwrap_or_default();
            if name == "style" {
                let nonce = attribute(tag, r#"nonce=""#);
                assert!(
                    policy.contains(&format!("style-src 'self' 'nonce-{nonce}'"))
                        && tag.contains(" data-href="),
                    "{}: <{tag}>",
                    self.what
                );
            }
            if name == "script" {
                // Structured data is not run; every script that runs comes from a file.
                let is_data = tag.contains(r#" type="application/ld+json""#);
                assert!(
                    (is_data || tag.contains(" src=")) && tag.contains(" nonce="),
                    "{}: <{tag}>",
                    self.what
                );
            }
            for attribute in attribute_names(tag) {
                assert!(
                    attribute != "style" && !attribute.starts_with("on"),
                    "{}: <{tag}>",
                    self.what
                );
            }
            assert!(
                !tag.to_ascii_lowercase().contains("javascript:"),
                "{}: <{tag}>",
                self.what
            );
        }
    }

    /// No detail of the implementation reaches a reader.
    #[track_caller]
    pub fn assert_no_internals(&self) {
        for detail in [
            "sqlx",
            "SQLITE",
            "sqlite",
            "panicked",
            ".rs:",
            "RUST_BACKTRACE",
            "fts5",
            "papers_fts",
            "/tmp/",
            "no such table",
            "syntax error",
            "database disk",
        ] {
            // Papers may be about anything, so only the text before them is examined.
            let body = self.body.split("<article").next().unwrap_or_default();
            assert!(!body.contains(detail), "{}: “{detail}” in\n{body}", self.what);
        }
    }
}
