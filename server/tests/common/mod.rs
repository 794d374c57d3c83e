//! What the tests of the server share: a whole Broadsheet in process, over a real database file with the sample, and
//! requests in plain HTTP.
#![allow(
    dead_code,
    reason = "each test file is a program of its own and uses a part of this"
)]

mod answer;
pub mod html;
pub mod program;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, Method, Request, StatusCode},
};
use ingest::{Sources, ranking, sample};
use jiff::Timestamp;
use mail::{
    MailService,
    delivery::Step,
    transport::{Mailer, Outbox},
};
use server::{
    front_end::{FrontEnd, Site},
    router::router,
    state::AppState,
};
use store::{Clock, Store, Summary, tokens::Secret};
use tempfile::TempDir;
use tower::ServiceExt;

pub use answer::Answer;
pub use testing::upstream::following;

/// Where the links of this Broadsheet lead.
pub const PUBLIC_URL: &str = "http://localhost:3000";

/// Papers in the built-in sample.
pub const SAMPLE: usize = 119;

/// A Broadsheet without a socket.
pub struct Broadsheet {
    pub state: AppState,
    pub router: Router,
    pub clock: Clock,
    pub letters: Arc<Mutex<Vec<Vec<u8>>>>,
    pub path: PathBuf,
    pub folder: Option<TempDir>,
}

impl Broadsheet {
    /// With the sample, ranked, at noon in November.
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

    /// Over an open store; with a folder of built files, if a test has one.
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
        let mail = MailService::new(store.clone(), mailer, secret.clone(), PUBLIC_URL);
        let front_end = site.map(|site| {
            let site = Site::read(site, noon()).expect("a built front end");
            FrontEnd::new(site).expect("its names")
        });
        let sources = nobody_answers(&store, &clock);
        let state = AppState::new(store, mail, &secret, clock.clone(), front_end, sources, false);
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

    /// A page, as a browser asks for it.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(request(Method::GET, path, &[], "")).await
    }

    /// The same, with these headers.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(request(Method::GET, path, headers, "")).await
    }

    /// A form, sent without JavaScript.
    pub async fn post(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(request(Method::POST, path, headers, body)).await
    }

    /// A form, sent by a script.
    pub async fn post_as_script(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("accept", "application/json")];
        all.extend_from_slice(headers);
        self.post(path, body, &all).await
    }

    /// Bookmarks a paper as a new reader, and returns the reader's cookie.
    pub async fn reader_with(&self, paper: &str) -> String {
        let answer = self
            .post("/fn/bookmark", &format!("paper={paper}&bookmarked=true"), &[])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.cookie("reader").expect("a reader's cookie")
    }

    /// The number of papers on `/bookmarks` for this cookie.
    pub async fn kept(&self, cookie: &str) -> usize {
        self.get_with("/bookmarks", &[("cookie", cookie)])
            .await
            .cards()
            .len()
    }

    /// Sends every email that is due, and returns their number.
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

    /// The last email as text, without soft line breaks.
    pub fn last_email(&self) -> String {
        let letters = self.letters.lock().expect("letters");
        String::from_utf8(letters.last().expect("a letter").clone())
            .expect("ascii")
            .replace("=\r\n", "")
    }

    /// Subscribes an address, and returns the tokens in its email: to confirm and to unsubscribe.
    pub async fn subscribe(&self, email: &str) -> (String, String) {
        let answer = self
            .post("/fn/subscribe", &format!("email={email}&zone=Europe/Paris"), &[])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(self.deliver().await, 1);
        let letter = self.last_email();
        (token(&letter, "/confirm/"), token(&letter, "/unsubscribe/"))
    }
}

/// Sources that do not answer: these tests need no network.
pub fn nobody_answers(store: &Store, clock: &Clock) -> Sources {
    following(store, clock, "http://127.0.0.1:9")
}

/// Imports records at noon, one a line. A rejected record fails the test.
pub async fn import_lines(store: &Store, lines: &[String]) -> Summary {
    testing::real_papers::import_lines(store, lines, noon()).await
}

/// The token after a path in an email.
pub fn token(letter: &str, path: &str) -> String {
    let (_, rest) = letter
        .split_once(path)
        .unwrap_or_else(|| panic!("no {path} in\n{letter}"));
    rest.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

/// A request as a browser sends it. `headers` replace its own headers.
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
    // An empty value removes the header.
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

/// The time at which these tests take place.
pub fn noon() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().expect("a moment")
}

/// The papers of a listing: follows the link to the next page until the end.
pub async fn walk(broadsheet: &Broadsheet, path: &str) -> Vec<String> {
    let (mut names, mut path) = (Vec::new(), path.to_owned());
    loop {
        let page = broadsheet.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        names.extend(page.cards());
        let Some(next) = page.next() else { break };
        assert!(names.len() < 10_000, "{path} does not end");
        path = next;
    }
    let distinct: HashSet<&String> = names.iter().collect();
    assert_eq!(distinct.len(), names.len(), "a paper is listed twice");
    names
}

/// Byte 18 of the file is its write version. SQLite opens a file with an unknown version read-only
/// (<https://www.sqlite.org/fileformat2.html#file_format_version_numbers>). Unlike permissions, this also stops root.
pub fn set_write_version(path: &Path, version: u8) {
    let mut bytes = std::fs::read(path).expect("the database");
    assert!(bytes.starts_with(b"SQLite format 3\0"));
    bytes[18] = version;
    std::fs::write(path, bytes).expect("written");
}

/// Writes a front end of these versions, as the bundler does: the file names and the two style sheets.
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
