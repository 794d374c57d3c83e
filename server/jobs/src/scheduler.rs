//! Runs jobs when they are due.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use store::{Clock, Store, StoreError};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use crate::job::{Ending, Failure, FollowUp, Job, Outcome, Run, Work, later};

/// Even with nothing due, the table is read again after this long: another process may have changed it.
const LOOK_AGAIN: Duration = Duration::from_secs(300);
/// After the database failed, it is asked again after this long.
const RETRY: Duration = Duration::from_secs(5);

/// Runs jobs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Scheduler {
    store: Store,
    clock: Clock,
    /// Tells the leases of this process from those of others.
    owner: i64,
    hurried: Arc<Notify>,
}

impl Scheduler {
    /// A scheduler; `owner` is any number that no other process has.
    pub fn new(store: Store, clock: Clock, owner: i64) -> Self {
        Self {
            store,
            clock,
            owner,
            hurried: Arc::default(),
        }
    }

    /// Runs these jobs when they are due, one after the other, until a stop signal or until `until`.
    pub async fn follow(&self, jobs: &[Job], until: Option<Timestamp>, mut stop: watch::Receiver<bool>) {
        // Jobs that this process ignores until a moment: another process runs them, the database failed, or there was
        // nothing to do.
        let mut held: BTreeMap<&'static str, Timestamp> = BTreeMap::new();
        while !*stop.borrow() {
            // Registered before the table is read: a job that is hurried meanwhile still wakes this loop.
            let hurried = self.hurried.notified();
            tokio::pin!(hurried);
            hurried.as_mut().enable();
            let now = self.clock.now();
            let (due, job) = match self.first_due(jobs, &held, now).await {
                Ok(Some((due, job))) => (due, Some(job)),
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%error, "cannot read the table of jobs");
                    (later(now, RETRY), None)
                }
            };
            if until.is_some_and(|until| due > until) {
                return;
            }
            let job = match job {
                Some(job) if due <= now => job,
                _ => {
                    let wake = due
                        .min(later(now, LOOK_AGAIN))
                        .min(until.unwrap_or(Timestamp::MAX));
                    tokio::select! {
                        biased;
                        () = stopped(&mut stop) => return,
                        () = hurried => {}
                        () = self.clock.sleep_until(wake) => {}
                    }
                    continue;
                }
            };
            let listening = stop.clone();
            // A run that is cut off half-way is continued by the next one.
            let hold = tokio::select! {
                biased;
                () = stopped(&mut stop), if !job.stops_by_itself => return,
                hold = self.run_if_needed(job, listening) => hold,
            };
            match hold {
                Some(until) => held.insert(job.name, until),
                None => held.remove(job.name),
            };
        }
    }

    /// Runs a job that is due. Returns until when this process ignores the due time in the table, if at all.
    async fn run_if_needed(&self, job: &Job, stop: watch::Receiver<bool>) -> Option<Timestamp> {
        let failed = |error: StoreError| {
            tracing::error!(job = job.name, %error, "the database failed during a job");
            Some(later(self.clock.now(), RETRY))
        };
        match isolated(job.name, job.is_needed()).await {
            Some(Ok(true)) => {}
            // After a panic, as if there were nothing to do.
            Some(Ok(false)) | None => return Some(job.schedule.next(self.clock.now())),
            Some(Err(error)) => return failed(error),
        }
        match self.run_until(job, Some(stop)).await {
            Ok(Outcome::Elsewhere) => Some(later(self.clock.now(), job.renewal())),
            Ok(Outcome::Ran { .. }) => None,
            Err(error) => failed(error),
        }
    }

    /// Ends the leases that this process has on these jobs, so that the next process does not have to wait for them.
    pub async fn release(&self, jobs: &[Job]) {
        let names: Vec<&str> = jobs.iter().map(|job| job.name).collect();
        if let Err(error) = self.store.release_jobs(self.owner, &names).await {
            tracing::warn!(%error, "cannot release the leases of this process");
        }
    }

    async fn first_due<'jobs>(
        &self,
        jobs: &'jobs [Job],
        held: &BTreeMap<&'static str, Timestamp>,
        now: Timestamp,
    ) -> Result<Option<(Timestamp, &'jobs Job)>, StoreError> {
        let mut first: Option<(Timestamp, &Job)> = None;
        for job in jobs {
            let due = self.store.job_due(job.name).await?.unwrap_or(now);
            let held = held.get(job.name).copied().unwrap_or(due);
            // Otherwise a clock that was once ahead would stop the job until that moment.
            let latest = later(now, job.longest_pause());
            let due = [due, held]
                .into_iter()
                .filter(|due| *due <= latest)
                .max()
                .unwrap_or(now);
            if first.is_none_or(|(earliest, _)| due < earliest) {
                first = Some((due, job));
            }
        }
        Ok(first)
    }

    /// Runs one job now, unless another process is running it.
    pub async fn run(&self, job: &Job) -> Result<Outcome, StoreError> {
        self.run_until(job, None).await
    }

    async fn run_until(&self, job: &Job, stop: Option<watch::Receiver<bool>>) -> Result<Outcome, StoreError> {
        let now = self.clock.now();
        let lease = later(now, job.lease);
        let Some(id) = self.store.begin_job(job.name, self.owner, now, lease).await? else {
            return Ok(Outcome::Elsewhere);
        };
        let run = Run::new(id).stopped_by(stop);
        let work = isolated(job.name, job.start(run.clone()));
        let failure = self.with_lease(job, work).await.err();
        self.end(job, &run, failure).await
    }

    /// Records how a run ended, and when the job runs again.
    async fn end(&self, job: &Job, run: &Run, failure: Option<Failure>) -> Result<Outcome, StoreError> {
        let ending = match &failure {
            None => Ending::Complete,
            // A failure of our own database says nothing about the work.
            Some(Failure::Postponed { .. } | Failure::Store(_)) => Ending::Postponed,
            Some(Failure::Failed(message)) => Ending::Failed(message.clone()),
        };
        // The run needs an end, even if its follow-up fails or panics.
        let after = match isolated(job.name, job.follow_up(run.clone(), ending)).await {
            Some(Ok(after)) => after,
            Some(Err(error)) => {
                tracing::error!(job = job.name, %error, "the database failed after a job");
                FollowUp::default()
            }
            None => FollowUp::default(),
        };
        let tally = run.tally();
        let now = self.clock.now();
        let regular = job.schedule.next(now);
        let due = match &failure {
            // As soon as possible; the next regular time may be tomorrow.
            Some(Failure::Postponed { until, .. }) => (*until).max(later(now, job.renewal())),
            Some(Failure::Failed(_)) => after.retry_at.unwrap_or(regular).max(later(now, job.renewal())),
            Some(Failure::Store(_)) | None => regular,
        };
        let error = failure.as_ref().map(ToString::to_string);
        self.store
            .end_job(job.name, self.owner, run.id, &tally, error.as_deref(), now, due)
            .await?;
        log(job, &tally, error.as_deref());
        for (name, delay) in &after.hurry {
            self.store.hurry_job(name, later(now, *delay)).await?;
        }
        if !after.hurry.is_empty() {
            self.hurried.notify_waiters();
        }
        match failure {
            Some(Failure::Store(error)) => Err(error),
            failure => Ok(Outcome::Ran { tally, failure }),
        }
    }

    /// Does the work and renews the lease meanwhile. `None` from the work stands for a panic.
    async fn with_lease(
        &self,
        job: &Job,
        work: impl Future<Output = Option<Result<(), Failure>>>,
    ) -> Result<(), Failure> {
        tokio::pin!(work);
        loop {
            tokio::select! {
                outcome = &mut work => return outcome.unwrap_or_else(|| {
                    Err(Failure::Failed("an internal error; the log has the details".to_owned()))
                }),
                () = tokio::time::sleep(job.renewal()) => {
                    let lease = later(self.clock.now(), job.lease);
                    match self.store.renew_job(job.name, self.owner, lease).await {
                        Ok(true) => {}
                        Ok(false) => {
                            return Err(Failure::Failed("another process has taken over this job".to_owned()));
                        }
                        // The lease is still valid for a while; the next renewal may succeed.
                        Err(error) => tracing::warn!(job = job.name, %error, "cannot renew a lease"),
                    }
                }
            }
        }
    }
}

/// Runs the work in a task of its own, so that a panic ends this run only; `None` after a panic. Dropping the future
/// ends the task.
async fn isolated<T: Send + 'static>(job: &'static str, work: Work<T>) -> Option<T> {
    let mut task = JoinSet::new();
    task.spawn(work);
    match task.join_next().await? {
        Ok(outcome) => Some(outcome),
        Err(panic) => {
            tracing::error!(job, %panic, "a job panicked");
            None
        }
    }
}

fn log(job: &Job, tally: &store::Tally, error: Option<&str>) {
    let summary = tally.summary;
    if *tally == store::Tally::default() && error.is_none() {
        tracing::debug!(job = job.name, "job ran");
        return;
    }
    tracing::info!(
        job = job.name,
        requests = tally.requests,
        imported = summary.imported,
        updated = summary.updated,
        skipped = summary.rejected,
        error,
        "job ran"
    );
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // Without a sender there is no signal to stop any more.
    if stop.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The jobs of each lane.
pub fn lanes(jobs: Vec<Job>) -> BTreeMap<&'static str, Vec<Job>> {
    let mut lanes: BTreeMap<&'static str, Vec<Job>> = BTreeMap::new();
    for job in jobs {
        lanes.entry(job.lane).or_default().push(job);
    }
    lanes
}
