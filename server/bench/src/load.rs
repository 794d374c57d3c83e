//! The load: many connections that each send the next request as soon as the last answer is complete.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::{
    process::cpu_seconds,
    wire::{Answer, Connection},
};

/// A window lasts until this many answers came, so that slow answers still have a median.
const FEWEST: u64 = 20;
/// A window lasts at most this many times its length.
const LONGEST: u32 = 5;
/// An answer may come this long after its window.
const PATIENCE: Duration = Duration::from_secs(60);
/// The part of a window that is run before it, to warm caches.
const WARM_UP: f64 = 0.2;
/// Above this part of its core, the client and not the server is the limit.
const BUSY: f64 = 0.97;

/// Requests as they go over the wire, sent in turn by all connections. Each window goes on where the last one ended,
/// and a clone goes on where its original is: bookmarks must be added and removed in turn.
#[derive(Debug, Clone)]
pub struct Requests {
    all: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
}

impl Requests {
    /// Fails when there is nothing to send.
    pub fn new(requests: Vec<Vec<u8>>) -> anyhow::Result<Self> {
        ensure!(!requests.is_empty(), "there are no requests to send");
        Ok(Self {
            all: Arc::new(requests),
            next: Arc::default(),
        })
    }

    /// The same requests from the first one on, for another server.
    pub fn restarted(&self) -> Self {
        Self {
            all: self.all.clone(),
            next: Arc::default(),
        }
    }

    /// The requests, in order.
    pub fn all(&self) -> &[Vec<u8>] {
        &self.all
    }
}

/// What one window showed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Complete answers.
    pub answers: u64,
    /// Answers with another status than 2xx, and one such status.
    pub errors: u64,
    /// A status that was not 2xx, if there was one.
    pub error_status: Option<u16>,
    /// Answers per second.
    pub per_second: f64,
    /// Median time of an answer, in microseconds.
    pub p50: f64,
    /// 99th percentile of the time of an answer, in microseconds.
    pub p99: f64,
    /// Processor time of the server per answer, in microseconds.
    pub cpu: Option<f64>,
    /// Mean size of a body as sent, in bytes.
    pub bytes: f64,
    /// The client used all of its core: the server could have given more.
    pub client_bound: bool,
}

/// State that the connections share.
struct Shared {
    requests: Requests,
    answers: AtomicU64,
    results: Mutex<Results>,
}

struct Results {
    times: Histogram<u64>,
    bytes: u64,
    errors: u64,
    error_status: Option<u16>,
}

/// Warms up, then measures one window. `pid` is the server's process. The window begins and ends without a request in
/// flight, so that processor time and answers belong together.
pub async fn measure(
    address: &str,
    requests: &Requests,
    connections: usize,
    window: Duration,
    pid: u32,
) -> anyhow::Result<Sample> {
    run(address, requests, connections, window.mul_f64(WARM_UP), 1, pid).await?;
    run(address, requests, connections, window, FEWEST, pid).await
}

async fn run(
    address: &str,
    requests: &Requests,
    connections: usize,
    window: Duration,
    fewest: u64,
    pid: u32,
) -> anyhow::Result<Sample> {
    let shared = Arc::new(Shared {
        requests: requests.clone(),
        answers: AtomicU64::new(0),
        results: Mutex::new(Results {
            times: Histogram::new(3).context("cannot make a histogram")?,
            bytes: 0,
            errors: 0,
            error_status: None,
        }),
    });
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(Connection::open(address).await?);
    }
    let own = std::process::id();
    let before = (cpu_seconds(pid), cpu_seconds(own));
    let began = Instant::now();
    let tasks: Vec<_> = open
        .into_iter()
        .map(|connection| {
            tokio::spawn(drive(
                connection,
                address.to_owned(),
                shared.clone(),
                began,
                window,
                fewest,
            ))
        })
        .collect();
    let most = window * LONGEST + PATIENCE;
    for task in tasks {
        tokio::time::timeout(most.saturating_sub(began.elapsed()), task)
            .await
            .with_context(|| format!("an answer did not come within {} s", most.as_secs()))?
            .context("a connection of the client panicked")??;
    }
    let elapsed = began.elapsed().as_secs_f64();
    let after = (cpu_seconds(pid), cpu_seconds(own));
    let Ok(results) = shared.results.lock() else {
        bail!("a connection of the client panicked");
    };
    let answers = results.times.len();
    ensure!(answers > 0, "no answer came");
    let used = |before: Option<f64>, after: Option<f64>| Some(after? - before?);
    Ok(Sample {
        answers,
        errors: results.errors,
        error_status: results.error_status,
        per_second: answers as f64 / elapsed,
        p50: results.times.value_at_quantile(0.5) as f64 / 1_000.0,
        p99: results.times.value_at_quantile(0.99) as f64 / 1_000.0,
        cpu: used(before.0, after.0).map(|seconds| seconds * 1_000_000.0 / answers as f64),
        bytes: results.bytes as f64 / answers as f64,
        client_bound: used(before.1, after.1).is_some_and(|seconds| seconds / elapsed > BUSY),
    })
}

/// One connection, from its first request to the end of the window.
async fn drive(
    mut connection: Connection,
    address: String,
    shared: Arc<Shared>,
    began: Instant,
    window: Duration,
    fewest: u64,
) -> anyhow::Result<()> {
    let all = shared.requests.all();
    while began.elapsed() < window
        || (shared.answers.load(Ordering::Relaxed) < fewest && began.elapsed() < window * LONGEST)
    {
        let turn = shared.requests.next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = all.get(turn % all.len()) else {
            bail!("there are no requests to send");
        };
        let sent = Instant::now();
        let answer = connection.exchange(request).await?;
        let took = sent.elapsed();
        shared.answers.fetch_add(1, Ordering::Relaxed);
        note(&shared, &answer, took)?;
        if answer.closes {
            connection = Connection::open(&address).await?;
        }
    }
    Ok(())
}

fn note(shared: &Shared, answer: &Answer, took: Duration) -> anyhow::Result<()> {
    let Ok(mut results) = shared.results.lock() else {
        bail!("a connection of the client panicked");
    };
    let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
    results.times.record(nanoseconds).context("cannot note a time")?;
    results.bytes += answer.bytes as u64;
    if !(200..300).contains(&answer.status) {
        results.errors += 1;
        results.error_status = Some(answer.status);
    }
    Ok(())
}

/// A GET request as it goes over the wire. `headers` are whole lines without their line ends.
pub fn get(path: &str, host: &str, headers: &[String]) -> Vec<u8> {
    let mut text = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nuser-agent: broadsheet-bench\r\n");
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// A form as it is posted by a script of the page. `headers` are whole lines without their line ends.
pub fn post(path: &str, host: &str, headers: &[String], form: &str) -> Vec<u8> {
    let mut text = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\nuser-agent: broadsheet-bench\r\norigin: http://{host}\r\n\
         accept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
        form.len()
    );
    for header in headers {
        text.push_str(header);
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.push_str(form);
    text.into_bytes()
}
