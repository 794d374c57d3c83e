//! Sends requests: through the gate, again after a temporary failure, and not while the circuit is open.

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
use jobs::later;
use reqwest::{
    Client, Response, StatusCode,
    header::{self, HeaderValue},
};
use store::{Clock, Store};

use super::{
    body::{self, Body},
    circuit::Circuits,
    client::{self, NoClient},
    error::FetchError,
    gate::{Gate, Gates},
    headers,
    limits::{Limits, MOST_RETRY_AFTER, MOST_WAIT},
    random::Random,
    request::{FetchRequest, Fetched},
    response::{self, is_missing, same_origin},
};

/// The longest time for which a request that a reader waits for can close a gate for the jobs.
const MOST_PAUSE_FOR_READERS: Duration = Duration::from_secs(60);
/// Most redirects of one request.
const MOST_REDIRECTS: usize = 4;

/// Requests by source and result since the program started.
pub type Counts = HashMap<(Upstream, &'static str), u64>;

/// Sends requests to the sources. Cheap to clone; all clones share their gates.
#[derive(Debug, Clone)]
pub struct Fetcher {
    http: Client,
    user_agent: HeaderValue,
    store: Store,
    clock: Clock,
    limits: Limits,
    gates: Gates,
    circuits: Circuits,
    random: Random,
    counts: Arc<Mutex<Counts>>,
    sent: Arc<AtomicU64>,
}

/// Where a request led.
enum Step {
    Arrived(Fetched<Body>),
    Redirected(String),
}

impl Fetcher {
    /// A fetcher with these limits. `contact` is how the operator of a source reaches the operator of this Broadsheet;
    /// `seed` is the seed of the jitter.
    pub fn new(
        store: Store,
        clock: Clock,
        limits: Limits,
        contact: Option<&str>,
        seed: u64,
    ) -> Result<Self, NoClient> {
        let random = Random::new(seed);
        Ok(Self {
            http: client::client(limits)?,
            user_agent: client::user_agent(contact)?,
            gates: Gates::new(store.clone(), clock.clone(), limits),
            circuits: Circuits::new(store.clone(), clock.clone(), random.clone()),
            store,
            clock,
            limits,
            random,
            counts: Arc::default(),
            sent: Arc::default(),
        })
    }

    /// The same fetcher, which counts its requests in `sent`.
    pub fn counting(&self, sent: Arc<AtomicU64>) -> Self {
        Self { sent, ..self.clone() }
    }

    /// Requests since the program started.
    pub fn counts(&self) -> Counts {
        self.counts
            .lock()
            .map(|counts| counts.clone())
            .unwrap_or_default()
    }

    /// Sends a request and reads the response with `read`, whose error says what is wrong with the body. A body that
    /// cannot be read counts as a temporary failure, because the response may have been cut off.
    pub async fn fetch<T>(
        &self,
        request: &FetchRequest,
        read: impl Fn(&Body) -> Result<T, String>,
    ) -> Result<Fetched<T>, FetchError> {
        self.circuits.check(request.upstream).await?;
        let tries = ExponentialBuilder::new()
            .with_min_delay(Duration::from_secs(5))
            .with_factor(3.0)
            .with_max_delay(MOST_WAIT)
            .with_max_times(if request.max_wait.is_some() { 0 } else { 3 })
            .with_jitter()
            .with_jitter_seed(self.random.next());
        let clock = self.clock.clone();
        let sleep = move |wait: Duration| {
            let clock = clock.clone();
            async move { clock.sleep_until(later(clock.now(), wait)).await }
        };
        let outcome = (|| self.attempt(request, &read))
            .retry(tries)
            .sleep(sleep)
            .when(|error| matches!(error, FetchError::Passing { .. }))
            .adjust(|error, planned| match error {
                FetchError::Passing {
                    retry_after: Some(after),
                    ..
                } => planned.and_then(|planned| (*after <= MOST_WAIT).then(|| planned.max(*after))),
                _ => planned,
            })
            .await;
        self.circuits.record(request.upstream, &outcome).await?;
        outcome
    }

    /// The status with which a server answers at this URL. The request goes through the gate like any other, but it
    /// does
    /// not change what is stored about the source.
    pub async fn probe(&self, upstream: Upstream, url: &str) -> Result<u16, FetchError> {
        let turn = self.gates.enter(Gate::of(upstream), None).await?;
        let sent = self
            .http
            .get(url)
            .header(header::USER_AGENT, &self.user_agent)
            .send()
            .await;
        turn.end(Duration::ZERO).await?;
        sent.map(|response| response.status().as_u16())
            .map_err(|error| FetchError::network(upstream, &error))
    }

    /// Sends a request once and follows its redirects.
    async fn attempt<T>(
        &self,
        request: &FetchRequest,
        read: impl Fn(&Body) -> Result<T, String>,
    ) -> Result<Fetched<T>, FetchError> {
        let mut url = request.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            match self.step(request, &url).await? {
                Step::Arrived(fetched) => {
                    let outcome = match fetched {
                        Fetched::Fresh(body) => read(&body).map(Fetched::Fresh).map_err(FetchError::passing),
                        Fetched::Unchanged => Ok(Fetched::Unchanged),
                        Fetched::Missing => Ok(Fetched::Missing),
                    };
                    self.count(request.upstream, outcome.as_ref().map_or("failed", Fetched::code));
                    return outcome;
                }
                Step::Redirected(next) => url = next,
            }
        }
        self.count(request.upstream, "failed");
        Err(FetchError::Refused(format!(
            "{} redirects in a loop",
            request.upstream.short_label()
        )))
    }

    /// Sends one request through the gate.
    async fn step(&self, request: &FetchRequest, url: &str) -> Result<Step, FetchError> {
        let turn = self
            .gates
            .enter(Gate::of(request.upstream), request.max_wait)
            .await?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        let response = self.send(request, url).await;
        // A pause that the server asks for applies to everything behind this gate.
        let asked_for = match &response {
            Ok(response) => headers::quota_pause(response.headers(), self.clock.now()),
            Err(FetchError::Passing { retry_after, .. }) => *retry_after,
            Err(_) => None,
        };
        let received = match response {
            Ok(response) => match response::redirect(request.upstream, url, &response) {
                Some(target) => target.map(Step::Redirected),
                None => self.receive(request, response).await.map(Step::Arrived),
            },
            Err(error) => Err(error),
        };
        // One request for a reader must not stop the jobs for a day. Its own source rests for the full time, though.
        let most = match request.max_wait {
            Some(_) => MOST_PAUSE_FOR_READERS,
            None => MOST_RETRY_AFTER,
        };
        turn.end(asked_for.unwrap_or_default().min(most)).await?;
        if received.is_err() {
            self.count(request.upstream, "failed");
        }
        received
    }

    async fn send(&self, request: &FetchRequest, url: &str) -> Result<Response, FetchError> {
        let mut builder = match &request.json {
            Some(json) => self
                .http
                .post(url)
                .header(header::CONTENT_TYPE, "application/json")
                .body(json.clone()),
            None => self.http.get(url),
        };
        builder = builder.header(header::USER_AGENT, &self.user_agent);
        for (name, value) in &request.headers {
            // A redirect must not carry a token to another site.
            if *name != "authorization" || same_origin(url, &request.url) {
                builder = builder.header(*name, value);
            }
        }
        if request.conditional
            && let Some(known) = self.store.validators(&request.url, self.clock.now()).await?
        {
            if let Some(etag) = known.etag {
                builder = builder.header(header::IF_NONE_MATCH, etag);
            }
            if let Some(date) = known.last_modified {
                builder = builder.header(header::IF_MODIFIED_SINCE, date);
            }
        }
        let response = builder
            .send()
            .await
            .map_err(|error| FetchError::network(request.upstream, &error))?;
        response::check(request, response, self.clock.now())
    }

    async fn receive(&self, request: &FetchRequest, response: Response) -> Result<Fetched<Body>, FetchError> {
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(Fetched::Unchanged),
            status if is_missing(request, status) => Ok(Fetched::Missing),
            _ => body::read(response, self.limits.body, request.upstream)
                .await
                .map(Fetched::Fresh),
        }
    }

    fn count(&self, upstream: Upstream, result: &'static str) {
        if let Ok(mut counts) = self.counts.lock() {
            *counts.entry((upstream, result)).or_default() += 1;
        }
    }
}
