//! What the tests of the router share: a whole Broadsheet in process, over a real database file with the sample, and a
//! visitor who asks it in plain HTTP.
#![allow(
    dead_code,
    reason = "each test file is a program of its own and uses a part of this"
)]

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, Method, Request, StatusCode, header},
};
use ingest::fetch::{Fetcher, Limits};
use ingest::ranking;
use ingest::sample;
use ingest::{Sources, sources::SourceSettings};
use jiff::Timestamp;
use mail::digest::{MailService, Step};
use mail::transport::{Mailer, Outbox};
use server::{
    front_end::{FrontEnd, Site},
    router::router,
    state::AppState,
};
use store::Clock;
use store::Store;
use store::tokens::Secret;
use tempfile::TempDir;
use tower::ServiceExt;

/// Where the links of this Broadsheet lead.
pub const PUBLIC_URL: &str = "http://localhost:3000";

/// Papers in the built-in sample.
pub const SAMPLE: usize = 119;

/// A Broadsheet without a socket.
pub struct House {
    pub state: AppState,
    pub router: Router,
    pub clock: Clock,
    pub letters: Arc<Mutex<Vec<Vec<u8>>>>,
    pub path: PathBuf,
    pub folder: Option<TempDir>,
}

impl House {
    /// With the sample, ranked, on a noon in November.
    pub async fn with_the_sample() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("broadsheet.db");
        let store = Store::open(&path).await.expect("a new database");
        sample::load_sample(&store, noon()).await.expect("the sample");
        ranking::rank(&store, noon()).await.expect("a rank run");
        Self {
            folder: Some(folder),
            ..Self::over(store, path, None)
        }
    }

    /// Over a store that is there already; with a folder of built files, if a test has one.
    pub fn over(store: Store, path: PathBuf, site: Option<&Path>) -> Self {
        let clock = Clock::fixed(noon());
        let letters = Arc::default();
        let secret = Secret::new(b"a secret for these tests");
        let mailer = Mailer::new(
            Outbox::Memory(Arc::clone(&letters)),
            "Broadsheet <news@example.org>",
            None,
            PUBLIC_URL,
        )
        .expect("a mailer");
        let post = MailService::new(store.clone(), mailer, secret.clone(), PUBLIC_URL);
        let front_end = site.map(|site| {
            let site = Site::read(site, noon()).expect("a built front end");
            FrontEnd::new(site).expect("its names")
        });
        let sources = nobody_answers(&store, &clock);
        let state = AppState::new(store, post, &secret, clock.clone(), front_end, sources, false);
        Self {
            router: router(state.clone()),
            state,
            clock,
            letters,
            path,
            folder: None,
        }
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let what = format!("{} {}", request.method(), request.uri());
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        Answer {
            status,
            headers,
            body: String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| panic!("{what}: the body is text")),
            what,
        }
    }

    /// What a browser gets.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(request(Method::GET, path, &[], "")).await
    }

    /// What a browser with these headers gets.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(request(Method::GET, path, headers, "")).await
    }

    /// A form of ours, sent without JavaScript.
    pub async fn post(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(request(Method::POST, path, headers, body)).await
    }

    /// The same, sent by a script.
    pub async fn post_as_script(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("accept", "application/json")];
        all.extend_from_slice(headers);
        self.post(path, body, &all).await
    }

    /// Keeps a paper as a new reader. Answers the cookie that reader has from then on.
    pub async fn reader_with(&self, paper: &str) -> String {
        let answer = self
            .post("/fn/bookmark", &format!("paper={paper}&bookmarked=true"), &[])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.cookie("reader").expect("a reader's cookie")
    }

    /// How many papers `/bookmarks` holds for this cookie.
    pub async fn kept(&self, cookie: &str) -> usize {
        self.get_with("/bookmarks", &[("cookie", cookie)])
            .await
            .cards()
            .len()
    }

    /// Sends every letter that is due.
    pub async fn deliver(&self) -> usize {
        let mut sent = 0;
        while let Step::Sent(_) = self
            .state
            .mail
            .deliver_one(self.clock.now())
            .await
            .expect("a step")
        {
            sent += 1;
        }
        sent
    }

    /// The last letter as text, its soft line breaks undone.
    pub fn last_letter(&self) -> String {
        let letters = self.letters.lock().expect("letters");
        String::from_utf8(letters.last().expect("a letter").clone())
            .expect("ascii")
            .replace("=\r\n", "")
    }

    /// Subscribes an address and answers the tokens of its letter: to confirm and to unsubscribe.
    pub async fn subscribe(&self, email: &str) -> (String, String) {
        let answer = self
            .post("/fn/subscribe", &format!("email={email}&zone=Europe/Paris"), &[])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(self.deliver().await, 1);
        let letter = self.last_letter();
        (token(&letter, "/confirm/"), token(&letter, "/unsubscribe/"))
    }
}

/// Follows sources that are not there: these tests need no network.
pub fn nobody_answers(store: &Store, clock: &Clock) -> Sources {
    following(store, clock, "http://127.0.0.1:9")
}

/// Follows sources that all live at this address.
pub fn following(store: &Store, clock: &Clock, address: &str) -> Sources {
    let fetcher = Fetcher::new(store.clone(), clock.clone(), Limits::default(), None, 1).expect("a client");
    let settings = SourceSettings {
        arxiv_oai: format!("{address}/oai"),
        arxiv_rss: format!("{address}/rss"),
        arxiv_api: format!("{address}/api/query"),
        hugging_face: address.to_owned(),
        github_api: address.to_owned(),
        ..SourceSettings::default()
    };
    Sources::new(store.clone(), clock.clone(), fetcher, settings)
}

/// The token after a path in a letter.
pub fn token(letter: &str, path: &str) -> String {
    let (_, rest) = letter
        .split_once(path)
        .unwrap_or_else(|| panic!("no {path} in\n{letter}"));
    rest.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

/// A request as a browser sends it; `headers` replace what it would say by itself.
pub fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut all = HeaderMap::new();
    let mut set = |name: &str, value: &str| {
        all.insert(
            name.parse::<HeaderName>().expect("a name"),
            value.parse().expect("a value"),
        )
    };
    set("host", "localhost:3000");
    set("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    if method == Method::POST {
        set("content-type", "application/x-www-form-urlencoded");
        set("origin", PUBLIC_URL);
    }
    for (name, value) in headers {
        set(name, value);
    }
    // A header given as empty is left out.
    let names: Vec<HeaderName> = all
        .iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        all.remove(name);
    }
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .body(Body::from(body.to_owned()))
        .unwrap_or_else(|error| panic!("{path}: {error}"));
    *request.headers_mut() = all;
    request
}

/// The noon at which these tests take place.
pub fn noon() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().expect("a moment")
}

/// What came back.
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

    /// The names of the papers on the page, in order.
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

    /// Where the page continues.
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

    /// The page's text in its paragraphs of notices and trouble.
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

    /// What every answer must hold, whatever it is.
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

    /// No script stands in the page, no style but ours, and no attribute that holds one.
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
                // Data is not run; what is run comes from a file.
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

    /// Nothing of how it is made reaches a reader.
    #[track_caller]
    pub fn assert_no_internals(&self) {
        for inside in [
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
            // Papers may be about anything; only what is not theirs is looked at.
            let body = self.body.split("<article").next().unwrap_or_default();
            assert!(!body.contains(inside), "{}: “{inside}” in\n{body}", self.what);
        }
    }
}

fn attribute(html: &str, before: &str) -> String {
    html.split_once(before)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(value, _)| value.to_owned())
        .unwrap_or_default()
}

/// What stands between `<` and `>` of every tag; quoted values may hold either.
pub fn tags(html: &str) -> Vec<&str> {
    let (mut tags, mut from, mut quoted) = (Vec::new(), None, false);
    for (at, c) in html.char_indices() {
        match (c, from) {
            ('<', None) => from = Some(at + 1),
            ('"', Some(_)) => quoted = !quoted,
            ('>', Some(begin)) if !quoted => {
                tags.push(&html[begin..at]);
                from = None;
            }
            _ => {}
        }
    }
    tags
}

fn attribute_names(tag: &str) -> Vec<String> {
    let mut outside = String::new();
    for (index, part) in tag.split('"').enumerate() {
        if index % 2 == 0 {
            outside.push_str(part);
        }
    }
    outside
        .split_whitespace()
        .skip(1)
        .filter_map(|attribute| attribute.split('=').next())
        .map(str::to_ascii_lowercase)
        .collect()
}

/// Follows the real next link of a page to its end, over plain HTTP.
pub async fn walk(house: &House, path: &str) -> Vec<String> {
    let (mut names, mut path) = (Vec::new(), path.to_owned());
    loop {
        let page = house.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        names.extend(page.cards());
        let Some(next) = page.next() else { break };
        assert!(names.len() < 10_000, "{path} does not end");
        path = next;
    }
    let distinct: HashSet<&String> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "a paper came twice");
    names
}

/// Byte 18 of the file is its write version; SQLite opens one it does not know for reading only
/// (<https://www.sqlite.org/fileformat2.html#file_format_version_numbers>). Holds for root too, unlike permissions.
pub fn set_write_version(path: &Path, version: u8) {
    let mut bytes = std::fs::read(path).expect("the database");
    assert!(bytes.starts_with(b"SQLite format 3\0"));
    bytes[18] = version;
    std::fs::write(path, bytes).expect("written");
}

/// Writes a front end of these versions, as the bundler leaves it: the names and the two style sheets.
pub fn write_front_end(site: &Path, [js, wasm, css]: [&str; 3]) {
    std::fs::create_dir_all(site.join("pkg")).expect("a folder");
    for (name, text) in [
        (
            "hash.txt".to_owned(),
            format!("js: {js}\nwasm: {wasm}\ncss: {css}\npages: p\n"),
        ),
        (
            format!("pkg/broadsheet.{css}.css"),
            "body{color:red}a>b::before{content:\"<&'\"}".to_owned(),
        ),
        ("pkg/pages.p.css".to_owned(), "table{color:blue}".to_owned()),
    ] {
        std::fs::write(site.join(name), text).expect("written");
    }
}
