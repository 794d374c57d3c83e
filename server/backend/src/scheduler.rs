//! What runs when. Every job can be run again at any time without harm; none overlaps itself, not even in another
//! process; one that was missed is caught up. Each run is a row of `job_runs`.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{Upstream, Window};
use jiff::{SignedDuration, Timestamp, civil::Time};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use crate::{
    Clock, Store,
    calendar::next_of,
    fetch::{Fetcher, Trouble, later},
    ranking,
    sources::{
        Adapter, Desk, Errand, Listener, Tally, Wishes, arxiv_oai::ArxivOai, arxiv_rss::ArxivRss,
        github::GitHub, hugging_face::HuggingFace,
    },
    store::StoreError,
};

/// A job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {
    /// Votes of today's and yesterday's papers.
    HuggingFace,
    /// Votes of the fortnight before.
    HuggingFaceFortnight,
    /// What was announced today.
    ArxivRss,
    /// What has changed on arXiv.
    ArxivOai,
    /// Stars.
    GitHub,
    /// Heat.
    Rank,
    /// Forgetting what is no longer needed.
    Tidy,
}

/// Jobs of one lane run one after the other; lanes run beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// All that asks arXiv: one connection.
    Arxiv,
    /// All that asks Hugging Face.
    HuggingFace,
    /// All that asks GitHub.
    GitHub,
    /// What asks nobody.
    House,
}

/// When a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// So long after it ended.
    Every(Duration),
    /// At these times of day, US Eastern.
    At(&'static [Time]),
}

const fn at(hour: i8, minute: i8) -> Time {
    Time::constant(hour, minute, 0, 0)
}

const MINUTES: fn(u64) -> Duration = |count| Duration::from_secs(count * 60);

impl Job {
    /// Whatever order they are due in.
    pub const ALL: [Self; 7] = [
        Self::HuggingFace,
        Self::ArxivRss,
        Self::ArxivOai,
        Self::HuggingFaceFortnight,
        Self::GitHub,
        Self::Rank,
        Self::Tidy,
    ];

    /// The table: name, lane, when.
    ///
    /// The daily feed comes at midnight US Eastern and is asked for until it is there, or says that there is none.
    /// The harvest comes soon after the evening's announcement, and again when the night's changes are in.
    fn row(self) -> (&'static str, Lane, When) {
        const FEED: &[Time] = &[at(0, 10), at(0, 40), at(1, 40), at(3, 40), at(6, 40), at(12, 40)];
        const HARVEST: &[Time] = &[at(2, 30), at(10, 30), at(20, 45), at(22, 30)];
        const NIGHT: &[Time] = &[at(4, 30)];
        match self {
            Self::HuggingFace => ("huggingface", Lane::HuggingFace, When::Every(MINUTES(30))),
            Self::HuggingFaceFortnight => (
                "huggingface-fortnight",
                Lane::HuggingFace,
                When::Every(MINUTES(6 * 60)),
            ),
            Self::ArxivRss => ("arxiv-rss", Lane::Arxiv, When::At(FEED)),
            Self::ArxivOai => ("arxiv-oai", Lane::Arxiv, When::At(HARVEST)),
            Self::GitHub => ("github", Lane::GitHub, When::Every(MINUTES(60))),
            Self::Rank => ("rank", Lane::House, When::Every(MINUTES(60))),
            Self::Tidy => ("tidy", Lane::House, When::At(NIGHT)),
        }
    }

    /// Its name in the tables.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The lane it runs in.
    pub fn lane(self) -> Lane {
        self.row().1
    }

    /// When it is due after a run that ended at `now`.
    pub fn next(self, now: Timestamp) -> Timestamp {
        match self.row().2 {
            When::Every(period) => later(now, period),
            When::At(times) => next_of(times, now),
        }
    }

    /// The source it follows.
    fn upstream(self) -> Option<Upstream> {
        match self {
            Self::HuggingFace | Self::HuggingFaceFortnight => Some(Upstream::HuggingFace),
            Self::ArxivRss => Some(Upstream::ArxivRss),
            Self::ArxivOai => Some(Upstream::ArxivOai),
            Self::GitHub => Some(Upstream::GitHub),
            Self::Rank | Self::Tidy => None,
        }
    }

    /// Whether it follows a source, and so is switched off with BROADSHEET_SYNC.
    pub fn is_sync(self) -> bool {
        self.lane() != Lane::House
    }
}

/// A job that lives says so before this has passed.
const LEASE: Duration = Duration::from_secs(90);
/// How often it says so.
const RENEW: Duration = Duration::from_secs(20);
/// No job waits longer than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(2 * 86_400);
/// Changes that come close together are ranked together.
const RANK_GAP: Duration = Duration::from_secs(20);
/// Runs are remembered this long.
const RUNS_KEPT: Duration = Duration::from_secs(30 * 86_400);
/// Even with nothing due, the table is looked at again: another process may have changed it.
const LOOK_AGAIN: Duration = Duration::from_secs(300);

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// Someone else is at it.
    Elsewhere,
    /// It ran.
    Ran {
        /// What it did.
        tally: Tally,
        /// What stopped it, if anything; what was told before stays told.
        trouble: Option<Trouble>,
    },
}

/// Runs jobs. Cheap to clone.
#[derive(Clone)]
pub struct Scheduler {
    store: Store,
    clock: Clock,
    fetcher: Fetcher,
    wishes: Arc<Wishes>,
    listener: Listener,
    /// Tells this process's runs from another's.
    owner: i64,
    hurried: Arc<Notify>,
}

impl Scheduler {
    /// A scheduler; `owner` is any number no other process has.
    pub fn new(store: Store, clock: Clock, fetcher: Fetcher, wishes: Wishes, owner: i64) -> Self {
        Self {
            store,
            clock,
            fetcher,
            wishes: Arc::new(wishes),
            listener: Arc::new(|words| tracing::debug!("{words}")),
            owner,
            hurried: Arc::default(),
        }
    }

    /// The same, with someone who hears how each pass goes on.
    pub fn heard_by(self, listener: Listener) -> Self {
        Self { listener, ..self }
    }

    /// What it asks with.
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// Where each source is asked whether it is there.
    pub fn doors(&self) -> Vec<(Upstream, String)> {
        let wishes = &self.wishes;
        let set = wishes.sets.first().map_or("cs", domain::Category::as_str);
        vec![
            (Upstream::ArxivOai, format!("{}?verb=Identify", wishes.arxiv_oai)),
            (Upstream::ArxivRss, format!("{}/{set}", wishes.arxiv_rss)),
            (
                Upstream::ArxivApi,
                format!("{}?search_query=all:electron&max_results=1", wishes.arxiv_api),
            ),
            (
                Upstream::HuggingFace,
                format!("{}/api/daily_papers?limit=1", wishes.hugging_face),
            ),
            // Costs nothing of the quota.
            (Upstream::GitHub, format!("{}/rate_limit", wishes.github_api)),
        ]
    }

    /// A desk outside of any job.
    pub fn desk(&self, run: i64) -> Desk {
        Desk::new(
            &self.fetcher,
            &self.store,
            &self.clock,
            &self.wishes,
            run,
            self.listener.clone(),
        )
    }

    /// Runs these jobs as they fall due, until told to stop or until `until`.
    pub async fn follow(&self, jobs: &[Job], until: Option<Timestamp>, mut stop: watch::Receiver<bool>) {
        // Jobs that another process is at, or that our own database failed: not before then. The others go on.
        let mut held: BTreeMap<Job, Timestamp> = BTreeMap::new();
        while !*stop.borrow() {
            // Before looking: what is hurried while we look wakes us all the same.
            let hurried = self.hurried.notified();
            tokio::pin!(hurried);
            hurried.as_mut().enable();
            let now = self.clock.now();
            let (due, job) = match self.first_due(jobs, &held, now).await {
                Ok(Some(first)) => first,
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%error, "the jobs cannot be looked up");
                    (later(now, LOOK_AGAIN), Job::Tidy)
                }
            };
            if until.is_some_and(|until| due > until) {
                return;
            }
            if due > now {
                let wake = due
                    .min(later(now, LOOK_AGAIN))
                    .min(until.unwrap_or(Timestamp::MAX));
                tokio::select! {
                    biased;
                    () = told_to_stop(&mut stop) => return,
                    () = hurried => {}
                    () = self.clock.sleep_until(wake) => {}
                }
                continue;
            }
            // What is stopped in the middle is taken up where it was.
            tokio::select! {
                biased;
                () = told_to_stop(&mut stop) => return,
                outcome = self.run(job, Errand::default()) => match outcome {
                    Ok(Outcome::Elsewhere) => {
                        held.insert(job, later(self.clock.now(), RENEW));
                    }
                    Ok(Outcome::Ran { .. }) => {
                        held.remove(&job);
                    }
                    Err(error) => {
                        tracing::error!(job = job.name(), %error, "a job failed");
                        held.insert(job, later(self.clock.now(), RENEW));
                    }
                }
            }
        }
    }

    /// Lets go of what was being done, so that whoever comes next need not wait.
    pub async fn let_go(&self) {
        if let Err(error) = self.store.release_jobs(self.owner).await {
            tracing::warn!(%error, "the jobs were not let go of");
        }
    }

    async fn first_due(
        &self,
        jobs: &[Job],
        held: &BTreeMap<Job, Timestamp>,
        now: Timestamp,
    ) -> Result<Option<(Timestamp, Job)>, StoreError> {
        let mut first: Option<(Timestamp, Job)> = None;
        for job in jobs {
            let due = self.store.job_due(job.name()).await?.unwrap_or(now);
            // A clock that was once wrong must not silence a job for years.
            let due = if due > later(now, LONGEST_PAUSE) { now } else { due };
            let due = held.get(job).map_or(due, |until| due.max(*until));
            if first.is_none_or(|(earliest, _)| due < earliest) {
                first = Some((due, *job));
            }
        }
        Ok(first)
    }

    /// Runs one job now.
    pub async fn run(&self, job: Job, errand: Errand) -> Result<Outcome, StoreError> {
        let now = self.clock.now();
        let Some(run) = self
            .store
            .begin_job(job.name(), self.owner, now, later(now, LEASE))
            .await?
        else {
            return Ok(Outcome::Elsewhere);
        };
        let desk = self.desk(run);
        // In a task of its own: a fault of ours ends this run, and not all that follow. It ends with us.
        let mut working = JoinSet::new();
        let (this, its_desk) = (self.clone(), desk.clone());
        working.spawn(async move { this.work(job, &its_desk, errand).await });
        let worked = async {
            match working.join_next().await {
                Some(Ok(outcome)) => outcome,
                Some(Err(fault)) => {
                    tracing::error!(job = job.name(), %fault, "a job broke");
                    Err(Trouble::Refused(
                        "a fault of this program; the log has more".to_owned(),
                    ))
                }
                None => Ok(()),
            }
        };
        let trouble = self.alive(job, worked).await.err();
        let tally = desk.tally();
        let now = self.clock.now();
        let regular = job.next(now);
        let due = match &trouble {
            // As soon as may be, and not at the next regular time, which may be tomorrow.
            Some(Trouble::Resting { until }) => (*until).max(later(now, RENEW)),
            Some(Trouble::Passing { .. } | Trouble::Refused(_)) => {
                let rests = self.rests_until(job, now).await?;
                rests.unwrap_or(regular).max(later(now, RENEW))
            }
            Some(Trouble::Store(_)) | None => regular,
        };
        let error = trouble.as_ref().map(ToString::to_string);
        // Being told to wait is no news.
        if let Some(upstream) = job.upstream()
            && !matches!(trouble, Some(Trouble::Resting { .. } | Trouble::Store(_)))
        {
            self.store.pass_ended(upstream, error.as_deref(), now).await?;
        }
        self.store
            .end_job(job.name(), self.owner, run, &tally, error.as_deref(), now, due)
            .await?;
        let summary = tally.summary;
        tracing::info!(
            job = job.name(),
            requests = tally.requests,
            imported = summary.imported,
            updated = summary.updated,
            set_aside = summary.rejected,
            error,
            "ran"
        );
        if job.is_sync() && summary.imported + summary.updated > 0 || job == Job::GitHub && tally.requests > 0
        {
            self.store
                .hurry_job(Job::Rank.name(), later(now, RANK_GAP))
                .await?;
            // New papers may name the first repositories; but an hour's questions are asked once an hour.
            if job != Job::GitHub && self.store.last_run_asked_little(Job::GitHub.name()).await? {
                self.store
                    .hurry_job(Job::GitHub.name(), later(now, RANK_GAP))
                    .await?;
            }
            self.hurried.notify_waiters();
        }
        match trouble {
            Some(Trouble::Store(error)) => Err(error),
            trouble => Ok(Outcome::Ran { tally, trouble }),
        }
    }

    async fn rests_until(&self, job: Job, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        match job.upstream() {
            Some(upstream) => self.store.resting(upstream, now).await,
            None => Ok(None),
        }
    }

    /// Does the work, and says now and then that we live.
    async fn alive(&self, job: Job, work: impl Future<Output = Result<(), Trouble>>) -> Result<(), Trouble> {
        tokio::pin!(work);
        let Clock::System = self.clock else {
            return work.await;
        };
        loop {
            tokio::select! {
                outcome = &mut work => return outcome,
                () = tokio::time::sleep(RENEW) => {
                    let lease = later(self.clock.now(), LEASE);
                    match self.store.renew_job(job.name(), self.owner, lease).await {
                        Ok(true) => {}
                        Ok(false) => {
                            return Err(Trouble::Refused("another process has taken this over".to_owned()));
                        }
                        // The lease has minutes left; the next renewal may fare better.
                        Err(error) => tracing::warn!(job = job.name(), %error, "a lease was not renewed"),
                    }
                }
            }
        }
    }

    async fn work(&self, job: Job, desk: &Desk, errand: Errand) -> Result<(), Trouble> {
        match job {
            Job::HuggingFace => HuggingFace::Newest.pass(desk, errand).await,
            Job::HuggingFaceFortnight => HuggingFace::Fortnight.pass(desk, errand).await,
            Job::ArxivRss => ArxivRss.pass(desk, errand).await,
            Job::ArxivOai => ArxivOai.pass(desk, errand).await,
            Job::GitHub => GitHub.pass(desk, errand).await,
            Job::Rank => {
                ranking::rank(&self.store, self.clock.now()).await?;
                // Read once, so that no reader waits for it.
                for window in [Window::Day, Window::Week, Window::Month] {
                    self.store.current_ranking(window).await?;
                }
                Ok(())
            }
            Job::Tidy => {
                let now = self.clock.now();
                self.store.forget_leftovers(now).await?;
                let before = now
                    .checked_sub(SignedDuration::try_from(RUNS_KEPT).unwrap_or_default())
                    .unwrap_or(now);
                self.store.forget_runs(before).await?;
                Ok(())
            }
        }
    }
}

async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone never tells.
    if stop.wait_for(|stopping| *stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The jobs of each lane.
pub fn lanes(sync: bool) -> BTreeMap<Lane, Vec<Job>> {
    let mut lanes: BTreeMap<Lane, Vec<Job>> = BTreeMap::new();
    for job in Job::ALL {
        if sync || !job.is_sync() {
            lanes.entry(job.lane()).or_default().push(job);
        }
    }
    lanes
}
