//! The load: many connections that each send the next request as soon as the last answer is complete.
//!
//! Two servers are always loaded in turn, in short slices: a program and its limit, or a program and the baseline. What
//! else happens on the machine then slows both alike.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use hdrhistogram::Histogram;

use crate::{
    process::cpu_seconds,
    requests::Requests,
    wire::{Answer, Connection},
};

/// Slices of a window.
const SLICES: u32 = 4;
/// A window lasts until this many answers came, so that slow answers still have a median.
const FEWEST: u64 = 20;
/// A window lasts at most about this many times its length.
const LONGEST: u32 = 5;
/// An answer may come this long after its slice.
const PATIENCE: Duration = Duration::from_secs(60);
/// Connections while caches are warmed. Few, because 64 slow searches would take long.
const WARM_CONNECTIONS: usize = 8;
/// Above this part of its core, the client and not the server is the limit.
const BUSY: f64 = 0.97;

/// A server to load.
#[derive(Debug, Clone)]
pub struct Side {
    /// Host and port.
    pub address: String,
    /// Its process.
    pub pid: u32,
    /// Sent in turn.
    pub requests: Requests,
}

/// What one window showed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// Complete answers.
    pub answers: u64,
    /// Answers with another status than 2xx.
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
    /// The client used all of its core: the server could have given more.
    pub client_bound: bool,
}

/// What the slices of one side add up to.
struct Sum {
    /// In nanoseconds.
    times: Histogram<u64>,
    errors: u64,
    error_status: Option<u16>,
    elapsed: Duration,
    client_cpu: Option<f64>,
}

impl Sum {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            times: Histogram::new(3).context("cannot make a histogram")?,
            errors: 0,
            error_status: None,
            elapsed: Duration::ZERO,
            client_cpu: Some(0.0),
        })
    }

    fn add(&mut self, other: &Self) -> anyhow::Result<()> {
        self.times.add(&other.times).context("cannot add histograms")?;
        self.errors += other.errors;
        self.error_status = self.error_status.or(other.error_status);
        self.elapsed += other.elapsed;
        self.client_cpu = self
            .client_cpu
            .zip(other.client_cpu)
            .map(|(one, other)| one + other);
        Ok(())
    }

    fn note(&mut self, answer: &Answer, took: Duration) -> anyhow::Result<()> {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.times.record(nanoseconds).context("cannot note a time")?;
        if !(200..300).contains(&answer.status) {
            self.errors += 1;
            self.error_status = Some(answer.status);
        }
        Ok(())
    }

    /// `cpu` is the processor time of the server, in seconds.
    fn sample(&self, cpu: Option<f64>) -> Sample {
        let answers = self.times.len();
        let seconds = self.elapsed.as_secs_f64();
        Sample {
            answers,
            errors: self.errors,
            error_status: self.error_status,
            per_second: answers as f64 / seconds,
            p50: self.times.value_at_quantile(0.5) as f64 / 1_000.0,
            p99: self.times.value_at_quantile(0.99) as f64 / 1_000.0,
            cpu: cpu.map(|cpu| cpu * 1_000_000.0 / answers as f64),
            client_bound: self.client_cpu.is_some_and(|cpu| cpu / seconds > BUSY),
        }
    }
}

/// Warms both sides up, then loads them in turn for one window each. `order` says which side begins.
pub async fn alternate(
    sides: [&Side; 2],
    order: [usize; 2],
    connections: usize,
    window: Duration,
) -> anyhow::Result<[Sample; 2]> {
    let slice = window / SLICES;
    for side in sides {
        run(side, connections.min(WARM_CONNECTIONS), slice).await?;
    }
    let before = sides.map(|side| cpu_seconds(side.pid));
    let mut sums = [Sum::new()?, Sum::new()?];
    let [first, second] = order;
    // A, B, B, A, A, B, ...: neither side has the later place more often.
    for turn in 0.. {
        let turns = if turn % 2 == 0 {
            [first, second]
        } else {
            [second, first]
        };
        for which in turns {
            sums[which].add(&run(sides[which], connections, slice).await?)?;
        }
        let done = |sum: &Sum| {
            sum.elapsed >= window && (sum.times.len() >= FEWEST || sum.elapsed >= window * LONGEST)
        };
        if sums.iter().all(done) {
            break;
        }
    }
    // A side that is not asked does nothing, so its processor time belongs to its slices.
    let after = sides.map(|side| cpu_seconds(side.pid));
    let cpu = |which: usize| Some(after[which]? - before[which]?);
    Ok([sums[0].sample(cpu(0)), sums[1].sample(cpu(1))])
}

/// One slice. It begins and ends without a request in flight, so that processor time and answers belong together.
async fn run(side: &Side, connections: usize, length: Duration) -> anyhow::Result<Sum> {
    let sum = Arc::new(Mutex::new(Sum::new()?));
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(Connection::open(&side.address).await?);
    }
    let own = std::process::id();
    let before = cpu_seconds(own);
    let began = Instant::now();
    let tasks: Vec<_> = open
        .into_iter()
        .map(|connection| tokio::spawn(drive(connection, side.clone(), sum.clone(), began, length)))
        .collect();
    let most = length + PATIENCE;
    for task in tasks {
        tokio::time::timeout(most.saturating_sub(began.elapsed()), task)
            .await
            .with_context(|| format!("an answer did not come within {} s", most.as_secs()))?
            .context("a connection of the client panicked")??;
    }
    let elapsed = began.elapsed();
    let Some(Ok(mut sum)) = Arc::into_inner(sum).map(Mutex::into_inner) else {
        bail!("a connection of the client panicked");
    };
    ensure!(!sum.times.is_empty(), "no answer came");
    sum.elapsed = elapsed;
    sum.client_cpu = cpu_seconds(own).zip(before).map(|(after, before)| after - before);
    Ok(sum)
}

/// One connection, from its first request to the end of the slice.
async fn drive(
    mut connection: Connection,
    side: Side,
    sum: Arc<Mutex<Sum>>,
    began: Instant,
    length: Duration,
) -> anyhow::Result<()> {
    while began.elapsed() < length {
        let request = side.requests.next();
        let sent = Instant::now();
        let answer = connection.exchange(request).await?;
        let took = sent.elapsed();
        match sum.lock() {
            Ok(mut sum) => sum.note(&answer, took)?,
            Err(_) => bail!("a connection of the client panicked"),
        }
        if answer.closes {
            connection = Connection::open(&side.address).await?;
        }
    }
    Ok(())
}
