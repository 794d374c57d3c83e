//! What a job is.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::calendar::next_of;
use jiff::{SignedDuration, Timestamp, civil::Time};
use store::{SaveOutcome, StoreError, Summary, Tally};
use tokio::sync::watch;

/// How long a lease is valid, unless the job says otherwise.
const LEASE: Duration = Duration::from_secs(90);
/// No schedule has a longer pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(2 * 86_400);

/// A boxed future that a job returns.
pub type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// This long after the previous run ended.
    Every(Duration),
    /// At these times of day, US Eastern.
    At(&'static [Time]),
}

impl Schedule {
    /// The next run after one that ended at `now`.
    pub fn next(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Every(period) => later(now, period),
            Self::At(times) => next_of(times, now),
        }
    }
}

/// A job and its schedule. Cheap to clone.
#[derive(Clone)]
pub struct Job {
    /// Its name in the tables `jobs` and `job_runs`.
    pub name: &'static str,
    /// Jobs of one lane run one after the other. Different lanes run at the same time.
    pub lane: &'static str,
    /// When it runs.
    pub schedule: Schedule,
    /// How long a lease of this job is valid, if it is not renewed.
    pub lease: Duration,
    /// Whether a run that is told to stop ends by itself. Otherwise it is cut off at once.
    pub stops_by_itself: bool,
    is_needed: Option<Check>,
    work: Arc<dyn Fn(Run) -> Work<Result<(), Failure>> + Send + Sync>,
    follow_up: Option<FollowUpWork>,
}

type Check = Arc<dyn Fn() -> Work<Result<bool, StoreError>> + Send + Sync>;
type FollowUpWork = Arc<dyn Fn(Run, Ending) -> Work<Result<FollowUp, StoreError>> + Send + Sync>;

impl Job {
    /// A job that does `work` on each run.
    pub fn new<F>(
        name: &'static str,
        lane: &'static str,
        schedule: Schedule,
        work: impl Fn(Run) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        Self {
            name,
            lane,
            schedule,
            lease: LEASE,
            stops_by_itself: false,
            is_needed: None,
            work: Arc::new(move |run| Box::pin(work(run))),
            follow_up: None,
        }
    }

    /// The same job, which is skipped without a run while `is_needed` returns false. For jobs that run often and seldom
    /// have anything to do: the check needs no write lock and leaves no row.
    pub fn only_if<F>(self, is_needed: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<bool, StoreError>> + Send + 'static,
    {
        Self {
            is_needed: Some(Arc::new(move || Box::pin(is_needed()))),
            ..self
        }
    }

    /// The same job with another lease. After a crash, no process runs the job before its lease has ended.
    pub fn leased_for(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// The same job, whose work looks at [`Run::is_stopping`] and ends soon after it becomes true. For work that must
    /// not be cut off in the middle.
    pub fn stopping_by_itself(self) -> Self {
        Self {
            stops_by_itself: true,
            ..self
        }
    }

    /// How often a lease is renewed; also the shortest wait before another try of a job that failed, was postponed, or
    /// runs in another process.
    pub(crate) fn renewal(&self) -> Duration {
        self.lease * 2 / 9
    }

    /// The longest time until a regular run. A job that is due later has its time from a wrong clock.
    pub(crate) fn longest_pause(&self) -> Duration {
        match self.schedule {
            // A job that looks for work every few seconds is never postponed for long.
            Schedule::Every(period) if self.is_needed.is_some() => (period * 2).max(self.lease),
            Schedule::Every(_) | Schedule::At(_) => LONGEST_PAUSE,
        }
    }

    /// The same job, with work that is done after each run, even after a run that panicked.
    pub fn followed_by<F>(self, follow_up: impl Fn(Run, Ending) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<FollowUp, StoreError>> + Send + 'static,
    {
        Self {
            follow_up: Some(Arc::new(move |run, ending| Box::pin(follow_up(run, ending)))),
            ..self
        }
    }

    /// Whether a run has anything to do. This and the next two call the closure of the job only when they are polled, so
    /// that a panic in it happens where the scheduler expects it.
    pub(crate) fn is_needed(&self) -> Work<Result<bool, StoreError>> {
        let is_needed = self.is_needed.clone();
        Box::pin(async move {
            match is_needed {
                Some(is_needed) => is_needed().await,
                None => Ok(true),
            }
        })
    }

    /// The work of one run.
    pub(crate) fn start(&self, run: Run) -> Work<Result<(), Failure>> {
        let work = self.work.clone();
        Box::pin(async move { work(run).await })
    }

    /// The work after a run.
    pub(crate) fn follow_up(&self, run: Run, ending: Ending) -> Work<Result<FollowUp, StoreError>> {
        let follow_up = self.follow_up.clone();
        Box::pin(async move {
            match follow_up {
                Some(follow_up) => follow_up(run, ending).await,
                None => Ok(FollowUp::default()),
            }
        })
    }
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job")
            .field("name", &self.name)
            .field("lane", &self.lane)
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

/// One run of a job, and its counts. Clones share the counts.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Row id in `job_runs`; 0 outside of any job.
    pub id: i64,
    stop: Option<watch::Receiver<bool>>,
    summary: Arc<Mutex<Summary>>,
    requests: Arc<AtomicU64>,
}

impl Run {
    /// A run with this row id.
    pub fn new(id: i64) -> Self {
        Self {
            id,
            ..Self::default()
        }
    }

    /// The same run, which hears the signal to stop.
    pub(crate) fn stopped_by(self, stop: Option<watch::Receiver<bool>>) -> Self {
        Self { stop, ..self }
    }

    /// Whether the work should end soon.
    pub fn is_stopping(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }

    /// The counter of sent requests.
    pub fn requests(&self) -> Arc<AtomicU64> {
        self.requests.clone()
    }

    /// Counts saved papers.
    pub fn count(&self, outcomes: impl IntoIterator<Item = SaveOutcome>) {
        if let Ok(mut summary) = self.summary.lock() {
            for outcome in outcomes {
                summary.add(outcome);
            }
        }
    }

    /// Counts records that could not be read.
    pub fn count_rejected(&self, records: u64) {
        if let Ok(mut summary) = self.summary.lock() {
            summary.rejected += records;
        }
    }

    /// The counts so far.
    pub fn tally(&self) -> Tally {
        Tally {
            summary: self.summary.lock().map(|summary| *summary).unwrap_or_default(),
            requests: self.requests.load(Ordering::Relaxed),
        }
    }
}

/// Why a run ended early. What it stored before stays stored.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The work has to wait; this does not count as a failure.
    #[error("{message}")]
    Postponed {
        /// What has to be waited for.
        message: String,
        /// When the job should run again.
        until: Timestamp,
    },
    /// The work failed.
    #[error("{0}")]
    Failed(String),
    /// Our own database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a run ended, for the work that follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It did all its work.
    Complete,
    /// It has to wait, which does not count as a failure.
    Postponed,
    /// It failed, with this message.
    Failed(String),
}

/// What happens after a run.
#[derive(Debug, Clone, Default)]
pub struct FollowUp {
    /// When to run again after a failure; `None` means the regular time.
    pub retry_at: Option<Timestamp>,
    /// Jobs that should run soon because of this run, and after how long.
    pub hurry: Vec<(&'static str, Duration)>,
}

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// Another process is running this job.
    Elsewhere,
    /// The job ran.
    Ran {
        /// What it did.
        tally: Tally,
        /// Why it ended early, if it did.
        failure: Option<Failure>,
    },
}

/// `at` plus `by`, or the end of time.
pub fn later(at: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by)
        .ok()
        .and_then(|by| at.checked_add(by).ok())
        .unwrap_or(Timestamp::MAX)
}
