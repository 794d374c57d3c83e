//! Asking other people's servers: slowly, one request at a time, and as if each of them may fail at any moment.
//!
//! - A *gate* per host keeps the distance between requests. It lies in the database, so that a restart, a `kill -9`
//!   or a second process keeps it too.
//! - A request that fails for the moment is repeated a few times; what the server says by `Retry-After` is obeyed.
//! - A *circuit* per source opens after that: nothing is asked for minutes, then hours.
//! - Time and size of every answer are bounded.

mod body;
mod headers;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use backon::{ExponentialBuilder, Retryable};
use domain::Upstream;
use jiff::{SignedDuration, Timestamp};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::{Client, StatusCode, header, redirect};

pub use body::{Body, text_of};

use jobs::later;
use store::Clock;
use store::{Store, StoreError};

/// A wait longer than this is not sat out: the pass ends, and the job comes again.
const MOST_WAIT: Duration = Duration::from_secs(120);
/// The first rest of a circuit; each further failure doubles it.
const FIRST_REST: Duration = Duration::from_secs(300);
/// The longest rest of a circuit.
const MOST_REST: Duration = Duration::from_secs(6 * 3_600);
/// How long a question of a reader can shut a gate for the others.
const MOST_FOR_READERS: Duration = Duration::from_secs(60);
/// Steps of a redirect.
const MOST_REDIRECTS: usize = 4;
/// Whatever a server asks for, it is tried again after a day.
const MOST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// A door through which one request goes at a time, with a pause behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gate {
    /// All of arXiv's addresses together: one request per three seconds
    /// (<https://info.arxiv.org/help/api/tou.html>).
    Arxiv,
    /// 500 requests in five minutes.
    HuggingFace,
    /// Serial requests, a second apart
    /// (<https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api>).
    GitHub,
}

impl Gate {
    /// The gate a source stands behind.
    pub fn of(upstream: Upstream) -> Self {
        match upstream {
            Upstream::ArxivOai | Upstream::ArxivRss | Upstream::ArxivApi => Self::Arxiv,
            Upstream::HuggingFace => Self::HuggingFace,
            Upstream::GitHub => Self::GitHub,
        }
    }

    /// The name in the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Arxiv => "arxiv",
            Self::HuggingFace => "huggingface",
            Self::GitHub => "github",
        }
    }

    /// Between the end of one request and the beginning of the next.
    pub fn pause(self) -> Duration {
        match self {
            Self::Arxiv => Duration::from_secs(3),
            Self::HuggingFace | Self::GitHub => Duration::from_secs(1),
        }
    }
}

/// How long and how large an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub idle: Duration,
    /// For the whole answer.
    pub total: Duration,
    /// Bytes of an answer, unpacked.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(20),
            total: Duration::from_secs(90),
            body: 32 << 20,
        }
    }
}

/// One question to a source.
#[derive(Debug, Clone)]
pub struct FetchRequest {
    /// Whom.
    pub upstream: Upstream,
    /// Where.
    pub url: String,
    /// Further request headers.
    pub headers: Vec<(&'static str, String)>,
    /// Posted as JSON; without it the request is a GET.
    pub json: Option<String>,
    /// FetchRequest only for what has changed since last time (`If-None-Match`, `If-Modified-Since`).
    pub conditional: bool,
    /// 404, 410 and 451 are answers, not faults.
    pub may_be_missing: bool,
    /// Read these statuses like 200.
    pub also_read: &'static [u16],
    /// Give up when the gate is not free within this time, and do not try twice: somebody is waiting.
    pub patience: Option<Duration>,
}

impl FetchRequest {
    /// A plain GET.
    pub fn get(upstream: Upstream, url: String) -> Self {
        Self {
            upstream,
            url,
            headers: Vec::new(),
            json: None,
            conditional: false,
            may_be_missing: false,
            also_read: &[],
            patience: None,
        }
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched<T> {
    /// An answer, read.
    Fresh(T),
    /// 304: nothing has changed since last time.
    Unchanged,
    /// 404, 410 or 451: there is no such thing.
    Missing,
}

impl<T> Fetched<T> {
    fn code(&self) -> &'static str {
        match self {
            Self::Fresh(_) => "fresh",
            Self::Unchanged => "unchanged",
            Self::Missing => "missing",
        }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// May go away by itself.
    #[error("{what}")]
    Passing {
        /// In words.
        what: String,
        /// What the server asked for.
        retry_after: Option<Duration>,
    },
    /// Will not go away by asking again soon.
    #[error("{0}")]
    Refused(String),
    /// Not asked at all, because it would be too early.
    #[error("not asked before {until}")]
    Resting {
        /// The earliest moment.
        until: Timestamp,
    },
    /// Our own database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FetchError {
    /// Something that may go away by itself.
    pub fn passing(what: impl Into<String>) -> Self {
        Self::Passing {
            what: what.into(),
            retry_after: None,
        }
    }
}

/// Requests by source and how they ended, since the program started.
pub type Counts = HashMap<(Upstream, &'static str), u64>;

/// Asks. Cheap to clone; all clones share their gates.
#[derive(Debug, Clone)]
pub struct Fetcher {
    http: Client,
    store: Store,
    clock: Clock,
    limits: Limits,
    user_agent: String,
    inside: Arc<[tokio::sync::Mutex<()>; 3]>,
    random: Arc<Mutex<StdRng>>,
    counts: Arc<Mutex<Counts>>,
    asked: Arc<AtomicU64>,
}

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
#[error("no HTTP client: {0}")]
pub struct NoClient(String);

impl Fetcher {
    /// `contact` is how upstreams reach whoever runs this; `seed` makes the jitter.
    pub fn new(
        store: Store,
        clock: Clock,
        limits: Limits,
        contact: Option<&str>,
        seed: u64,
    ) -> Result<Self, NoClient> {
        // The roots of the browsers, and ring: what the mailer uses too.
        let roots = rustls::RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let tls =
            rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(|error| NoClient(error.to_string()))?
                .with_root_certificates(roots)
                .with_no_client_auth();
        let version = env!("CARGO_PKG_VERSION");
        let user_agent = match contact {
            Some(contact) => format!("Broadsheet/{version} (+{contact})"),
            None => format!("Broadsheet/{version}"),
        };
        let http = Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(limits.connect)
            .read_timeout(limits.idle)
            .timeout(limits.total)
            // Followed here, so that each step keeps its distance like any other request.
            .redirect(redirect::Policy::none())
            .referer(false)
            // One connection per host, and none kept for long.
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(15))
            .build()
            .map_err(|error| NoClient(error.to_string()))?;
        header::HeaderValue::from_str(&user_agent).map_err(|_| {
            NoClient("the contact (BROADSHEET_CONTACT) holds a character that a header cannot".to_owned())
        })?;
        Ok(Self {
            http,
            store,
            clock,
            limits,
            user_agent,
            inside: Arc::default(),
            random: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))),
            counts: Arc::default(),
            asked: Arc::default(),
        })
    }

    /// The same fetcher, which counts its requests in `asked`.
    pub fn counting(&self, asked: Arc<AtomicU64>) -> Self {
        Self {
            asked,
            ..self.clone()
        }
    }

    /// Requests since the program started.
    pub fn counts(&self) -> Counts {
        self.counts
            .lock()
            .map(|counts| counts.clone())
            .unwrap_or_default()
    }

    /// Asks, and reads the answer by `read`, whose error says in words what is wrong with it. What cannot be read is
    /// taken for an answer that broke off, and asked for again.
    pub async fn ask<T>(
        &self,
        ask: &FetchRequest,
        read: impl Fn(&Body) -> Result<T, String>,
    ) -> Result<Fetched<T>, FetchError> {
        if let Some(until) = self.store.resting(ask.upstream, self.clock.now()).await? {
            return Err(FetchError::Resting { until });
        }
        let clock = self.clock.clone();
        let sleeper = move |wait: Duration| {
            let clock = clock.clone();
            async move {
                let now = clock.now();
                let until = SignedDuration::try_from(wait)
                    .ok()
                    .and_then(|wait| now.checked_add(wait).ok());
                clock.sleep_until(until.unwrap_or(now)).await;
            }
        };
        let tries = ExponentialBuilder::new()
            .with_min_delay(Duration::from_secs(5))
            .with_factor(3.0)
            .with_max_delay(MOST_WAIT)
            .with_max_times(if ask.patience.is_some() { 0 } else { 3 })
            .with_jitter()
            .with_jitter_seed(self.chance());
        let outcome = (|| self.ask_once(ask, &read))
            .retry(tries)
            .sleep(sleeper)
            .when(|trouble| matches!(trouble, FetchError::Passing { .. }))
            .adjust(|trouble, planned| match trouble {
                FetchError::Passing {
                    retry_after: Some(after),
                    ..
                } => planned.and_then(|planned| (*after <= MOST_WAIT).then(|| planned.max(*after))),
                _ => planned,
            })
            .await;
        self.note(ask.upstream, &outcome).await?;
        outcome
    }

    /// Whether anybody answers at this address, whatever it says: the status. Keeps its distance like any request, and
    /// writes nothing down.
    pub async fn reach(&self, upstream: Upstream, url: &str) -> Result<u16, FetchError> {
        let gate = Gate::of(upstream);
        let _one_at_a_time = self.inside[gate as usize].lock().await;
        self.pass(gate, None).await?;
        let sent = self
            .http
            .get(url)
            .header(header::USER_AGENT, &self.user_agent)
            .send()
            .await;
        self.store
            .free_gate(gate.name(), later(self.clock.now(), gate.pause()))
            .await?;
        sent.map(|response| response.status().as_u16())
            .map_err(|error| in_words(upstream, &error))
    }

    /// Writes down how a source is doing.
    async fn note<T>(&self, upstream: Upstream, outcome: &Result<T, FetchError>) -> Result<(), StoreError> {
        let now = self.clock.now();
        match outcome {
            Ok(_) => self.store.source_answered(upstream, now).await,
            Err(FetchError::Passing { what, retry_after }) => {
                self.open_circuit(upstream, what, *retry_after, now).await
            }
            Err(FetchError::Refused(what)) => self.open_circuit(upstream, what, None, now).await,
            Err(FetchError::Resting { .. } | FetchError::Store(_)) => Ok(()),
        }
    }

    async fn open_circuit(
        &self,
        upstream: Upstream,
        what: &str,
        retry_after: Option<Duration>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let failures = self.store.source_failures(upstream).await?;
        let doubled = FIRST_REST.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX));
        let jitter = 0.75 + f64::from(self.chance() as u16) / f64::from(u16::MAX) * 0.5;
        let rest = doubled.min(MOST_REST).mul_f64(jitter);
        let rest = rest.max(retry_after.unwrap_or_default().min(MOST_RETRY_AFTER));
        let until = later(now, rest);
        tracing::warn!(source = %upstream, failures = failures + 1, %until, "{what}");
        self.store.source_failed(upstream, what, now, until).await
    }

    async fn ask_once<T>(
        &self,
        ask: &FetchRequest,
        read: impl Fn(&Body) -> Result<T, String>,
    ) -> Result<Fetched<T>, FetchError> {
        let mut url = ask.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            match self.step(ask, &url).await? {
                Step::Arrived(answer) => {
                    let outcome = match answer {
                        Fetched::Fresh(body) => read(&body).map(Fetched::Fresh).map_err(FetchError::passing),
                        Fetched::Unchanged => Ok(Fetched::Unchanged),
                        Fetched::Missing => Ok(Fetched::Missing),
                    };
                    self.count(ask.upstream, outcome.as_ref().map_or("failed", Fetched::code));
                    return outcome;
                }
                Step::Elsewhere(next) => url = next,
            }
        }
        self.count(ask.upstream, "failed");
        Err(FetchError::Refused(format!(
            "{} sends us in circles",
            ask.upstream.short_label()
        )))
    }

    /// One request, through the gate.
    async fn step(&self, ask: &FetchRequest, url: &str) -> Result<Step, FetchError> {
        let gate = Gate::of(ask.upstream);
        let inside = self.inside[gate as usize].lock();
        let _one_at_a_time = match ask.patience {
            None => inside.await,
            // Others are before us, by the machine's clock.
            Some(patience) => {
                tokio::time::timeout(patience, inside)
                    .await
                    .map_err(|_| FetchError::Resting {
                        until: later(self.clock.now(), gate.pause()),
                    })?
            }
        };
        self.pass(gate, ask.patience).await?;
        self.asked.fetch_add(1, Ordering::Relaxed);
        let sent = self.send(ask, url).await;
        // What the server wishes holds for everything behind this gate.
        let wished = match &sent {
            Ok(response) => headers::quiet_for(response.headers(), self.clock.now()),
            Err(FetchError::Passing { retry_after, .. }) => *retry_after,
            Err(_) => None,
        };
        let received = match sent {
            Ok(response)
                if response.status().is_redirection() && response.status() != StatusCode::NOT_MODIFIED =>
            {
                elsewhere(ask.upstream, url, &response)
            }
            Ok(response) => self.receive(ask, response).await.map(Step::Arrived),
            Err(trouble) => Err(trouble),
        };
        // A reader's one question must not silence the harvest for a day; the source it was put to rests all the same.
        let most = match ask.patience {
            Some(_) => MOST_FOR_READERS,
            None => MOST_RETRY_AFTER,
        };
        let pause = gate.pause().max(wished.unwrap_or_default().min(most));
        self.store
            .free_gate(gate.name(), later(self.clock.now(), pause))
            .await?;
        if received.is_err() {
            self.count(ask.upstream, "failed");
        }
        received
    }

    /// Waits for the gate and shuts it behind us for as long as a request may take.
    async fn pass(&self, gate: Gate, patience: Option<Duration>) -> Result<(), FetchError> {
        let began = self.clock.now();
        loop {
            let now = self.clock.now();
            let lease = later(now, self.limits.total + self.limits.connect);
            let Some(free_at) = self.store.reserve_gate(gate.name(), now, lease).await? else {
                return Ok(());
            };
            if let Some(patience) = patience
                && free_at > later(began, patience)
            {
                return Err(FetchError::Resting { until: free_at });
            }
            // Nobody asks for more than a day: a clock was wrong when this was written.
            if free_at
                > later(
                    now,
                    MOST_RETRY_AFTER + self.limits.total + Duration::from_secs(3_600),
                )
            {
                self.store.free_gate(gate.name(), now).await?;
                continue;
            }
            // A long wait is for another day; the lease of a request that is on its way is not.
            if free_at > later(now, MOST_WAIT) {
                return Err(FetchError::Resting { until: free_at });
            }
            // Another process may free it sooner than it said.
            self.clock
                .sleep_until(free_at.min(later(now, gate.pause())))
                .await;
        }
    }

    async fn send(&self, ask: &FetchRequest, url: &str) -> Result<reqwest::Response, FetchError> {
        let mut request = match &ask.json {
            Some(json) => self
                .http
                .post(url)
                .header(header::CONTENT_TYPE, "application/json")
                .body(json.clone()),
            None => self.http.get(url),
        };
        request = request.header(header::USER_AGENT, &self.user_agent);
        for (name, value) in &ask.headers {
            // What is secret stays with whom it was meant for.
            if *name == "authorization" && origin(url) != origin(&ask.url) {
                continue;
            }
            request = request.header(*name, value);
        }
        if ask.conditional
            && let Some(known) = self.store.validators(&ask.url, self.clock.now()).await?
        {
            if let Some(etag) = known.etag {
                request = request.header(header::IF_NONE_MATCH, etag);
            }
            if let Some(date) = known.last_modified {
                request = request.header(header::IF_MODIFIED_SINCE, date);
            }
        }
        let response = request
            .send()
            .await
            .map_err(|error| in_words(ask.upstream, &error))?;
        let status = response.status();
        let name = ask.upstream.short_label();
        match status {
            _ if status.is_success() || status.is_redirection() => Ok(response),
            // A quota that is used up is not an answer, whatever else this status may say.
            _ if ask.also_read.contains(&status.as_u16())
                && headers::quiet_for(response.headers(), self.clock.now()).is_none() =>
            {
                Ok(response)
            }
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS
                if ask.may_be_missing =>
            {
                Ok(response)
            }
            _ => {
                let now = self.clock.now();
                let quiet = headers::retry_after(response.headers(), now)
                    .or_else(|| headers::quiet_for(response.headers(), now));
                let passing = status.is_server_error()
                    || matches!(
                        status,
                        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
                    )
                    || (status == StatusCode::FORBIDDEN && quiet.is_some());
                let what = match status {
                    StatusCode::NOT_FOUND | StatusCode::GONE => {
                        format!(
                            "{name} is not where it was: {status} at {}",
                            reqwest::Url::parse(&ask.url)
                                .ok()
                                .and_then(|url| url.host_str().map(str::to_owned))
                                .unwrap_or_default()
                        )
                    }
                    _ => format!("{name} answered with {status}"),
                };
                Err(if passing {
                    FetchError::Passing {
                        what,
                        retry_after: quiet,
                    }
                } else {
                    FetchError::Refused(what)
                })
            }
        }
    }

    async fn receive(
        &self,
        ask: &FetchRequest,
        response: reqwest::Response,
    ) -> Result<Fetched<Body>, FetchError> {
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(Fetched::Unchanged),
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS
                if ask.may_be_missing =>
            {
                Ok(Fetched::Missing)
            }
            _ => body::read(response, self.limits.body, ask.upstream)
                .await
                .map(Fetched::Fresh),
        }
    }

    fn chance(&self) -> u64 {
        self.random
            .lock()
            .map(|mut random| random.random())
            .unwrap_or_default()
    }

    fn count(&self, upstream: Upstream, word: &'static str) {
        if let Ok(mut counts) = self.counts.lock() {
            *counts.entry((upstream, word)).or_default() += 1;
        }
    }
}

/// Where a request led.
enum Step {
    /// To an answer.
    Arrived(Fetched<Body>),
    /// To another address.
    Elsewhere(String),
}

fn origin(url: &str) -> Option<reqwest::Url> {
    let mut url = url.parse::<reqwest::Url>().ok()?;
    url.set_path("");
    url.set_query(None);
    Some(url)
}

/// The address a redirect names; never from https to http.
fn elsewhere(upstream: Upstream, from: &str, response: &reqwest::Response) -> Result<Step, FetchError> {
    let name = upstream.short_label();
    let nowhere = || FetchError::Refused(format!("{name} sends us nowhere"));
    let from: reqwest::Url = from.parse().map_err(|_| nowhere())?;
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let to = location
        .and_then(|location| from.join(location).ok())
        .filter(|to| to.scheme() == "https" || to.scheme() == from.scheme())
        .ok_or_else(nowhere)?;
    Ok(Step::Elsewhere(to.to_string()))
}

/// What went wrong on the way, without the address: it may hold what is nobody's business.
fn in_words(upstream: Upstream, error: &reqwest::Error) -> FetchError {
    let name = upstream.short_label();
    FetchError::passing(if error.is_timeout() {
        format!("{name} did not answer in time")
    } else if error.is_connect() {
        format!("{name} cannot be reached")
    } else {
        format!("the answer of {name} broke off")
    })
}
