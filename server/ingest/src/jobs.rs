//! The jobs of this package: following the sources, ranking, and removing what is no longer needed.

use std::{sync::Arc, time::Duration};

use ::jobs::{Ending, Failure, FollowUp, Job, Run, Schedule};
use domain::{Upstream, Window};
use jiff::{SignedDuration, Timestamp, civil::Date, civil::Time};
use store::{Clock, Store, StoreError};

use crate::{
    fetch::{FetchError, Fetcher},
    ranking,
    sources::{
        Adapter, Listener, SourceContext, SourceSettings, arxiv_oai::ArxivOai, arxiv_rss::ArxivRss,
        github::GitHub, hugging_face::HuggingFace,
    },
};

const fn at(hour: i8, minute: i8) -> Time {
    Time::constant(hour, minute, 0, 0)
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// The daily feed appears at midnight US Eastern. It is requested until it is there, or says that it is empty.
const FEED: &[Time] = &[at(0, 10), at(0, 40), at(1, 40), at(3, 40), at(6, 40), at(12, 40)];
/// The harvest runs soon after the evening's announcement, and again when the changes of the night are in.
const HARVEST: &[Time] = &[at(2, 30), at(10, 30), at(20, 45), at(22, 30)];
/// When nobody reads.
const NIGHT: &[Time] = &[at(4, 30)];
/// Changes that arrive within this time are ranked together.
const RANK_GAP: Duration = Duration::from_secs(20);
/// Rows of `job_runs` are kept this long.
const RUNS_KEPT: Duration = Duration::from_secs(30 * 86_400);
/// The job that ranks.
const RANK: &str = "rank";

/// A job that follows a source. `BROADSHEET_SYNC=off` turns all of them off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceJob {
    /// Votes of today's and yesterday's papers.
    HuggingFace,
    /// What was announced today.
    ArxivRss,
    /// What has changed on arXiv.
    ArxivOai,
    /// Votes of the two weeks before.
    HuggingFaceFortnight,
    /// Stars.
    GitHub,
}

impl SourceJob {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::HuggingFace,
        Self::ArxivRss,
        Self::ArxivOai,
        Self::HuggingFaceFortnight,
        Self::GitHub,
    ];

    /// Its name in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::HuggingFace => "huggingface",
            Self::ArxivRss => "arxiv-rss",
            Self::ArxivOai => "arxiv-oai",
            Self::HuggingFaceFortnight => "huggingface-fortnight",
            Self::GitHub => "github",
        }
    }

    /// When it runs.
    pub fn schedule(self) -> Schedule {
        match self {
            Self::HuggingFace => Schedule::Every(minutes(30)),
            Self::ArxivRss => Schedule::At(FEED),
            Self::ArxivOai => Schedule::At(HARVEST),
            Self::HuggingFaceFortnight => Schedule::Every(minutes(6 * 60)),
            Self::GitHub => Schedule::Every(minutes(60)),
        }
    }

    /// The source it follows.
    pub fn upstream(self) -> Upstream {
        match self {
            Self::HuggingFace | Self::HuggingFaceFortnight => Upstream::HuggingFace,
            Self::ArxivRss => Upstream::ArxivRss,
            Self::ArxivOai => Upstream::ArxivOai,
            Self::GitHub => Upstream::GitHub,
        }
    }

    /// One connection to each host: jobs that ask the same host run one after the other.
    fn lane(self) -> &'static str {
        match self {
            Self::HuggingFace | Self::HuggingFaceFortnight => "huggingface",
            Self::ArxivRss | Self::ArxivOai => "arxiv",
            Self::GitHub => "github",
        }
    }

    async fn pass(self, source: &SourceContext, from: Option<Date>) -> Result<(), FetchError> {
        match self {
            Self::HuggingFace => HuggingFace::Newest.pass(source, from).await,
            Self::HuggingFaceFortnight => HuggingFace::Fortnight.pass(source, from).await,
            Self::ArxivRss => ArxivRss.pass(source, from).await,
            Self::ArxivOai => ArxivOai.pass(source, from).await,
            Self::GitHub => GitHub.pass(source, from).await,
        }
    }
}

/// The sources as they are configured, and how to ask them. Cheap to clone.
#[derive(Clone)]
pub struct Sources {
    store: Store,
    clock: Clock,
    fetcher: Fetcher,
    settings: Arc<SourceSettings>,
    listener: Listener,
}

impl Sources {
    /// The sources at these addresses.
    pub fn new(store: Store, clock: Clock, fetcher: Fetcher, settings: SourceSettings) -> Self {
        Self {
            store,
            clock,
            fetcher,
            settings: Arc::new(settings),
            listener: Arc::new(|words| tracing::debug!("{words}")),
        }
    }

    /// The same sources, with someone who hears how each pass goes on.
    pub fn heard_by(self, listener: Listener) -> Self {
        Self { listener, ..self }
    }

    /// What sends the requests.
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// For each source an address that answers when the source is up.
    pub fn probes(&self) -> Vec<(Upstream, String)> {
        let settings = &self.settings;
        let set = settings.sets.first().map_or("cs", domain::Category::as_str);
        vec![
            (
                Upstream::ArxivOai,
                format!("{}?verb=Identify", settings.arxiv_oai),
            ),
            (Upstream::ArxivRss, format!("{}/{set}", settings.arxiv_rss)),
            (
                Upstream::ArxivApi,
                format!("{}?search_query=all:electron&max_results=1", settings.arxiv_api),
            ),
            (
                Upstream::HuggingFace,
                format!("{}/api/daily_papers?limit=1", settings.hugging_face),
            ),
            // Does not count against the quota.
            (Upstream::GitHub, format!("{}/rate_limit", settings.github_api)),
        ]
    }

    /// What an adapter works with. Outside of any job: [`Run::default`].
    pub fn context(&self, run: Run) -> SourceContext {
        SourceContext::new(
            &self.fetcher,
            &self.store,
            &self.clock,
            &self.settings,
            run,
            self.listener.clone(),
        )
    }

    /// A job that follows a source: for what is new, or for everything since `from`.
    pub fn job(&self, job: SourceJob, from: Option<Date>) -> Job {
        let (working, following) = (self.clone(), self.clone());
        Job::new(job.name(), job.lane(), job.schedule(), move |run| {
            let source = working.context(run);
            async move { Ok(job.pass(&source, from).await?) }
        })
        .followed_by(move |run, ending| {
            let this = following.clone();
            async move { this.follow_up(job, &run, ending).await }
        })
    }

    /// Records how a pass ended, and hurries the jobs that depend on it.
    async fn follow_up(&self, job: SourceJob, run: &Run, ending: Ending) -> Result<FollowUp, StoreError> {
        let now = self.clock.now();
        let upstream = job.upstream();
        let mut after = FollowUp::default();
        match ending {
            Ending::Complete => self.store.pass_ended(upstream, None, now).await?,
            Ending::Failed(message) => {
                self.store.pass_ended(upstream, Some(&message), now).await?;
                after.retry_at = self.store.resting(upstream, now).await?;
            }
            // A source that asks us to wait has not failed.
            Ending::Postponed => {}
        }
        let tally = run.tally();
        let has_news = tally.summary.imported + tally.summary.updated > 0
            || job == SourceJob::GitHub && tally.requests > 0;
        if has_news {
            after.hurry.push((RANK, RANK_GAP));
            // New papers may name the first repositories. GitHub allows a number of requests per hour: if the last run
            // used them up, the next regular one is soon enough.
            let github = SourceJob::GitHub;
            if job != github && self.store.last_run_asked_little(github.name()).await? {
                after.hurry.push((github.name(), RANK_GAP));
            }
        }
        Ok(after)
    }

    /// All jobs of this package; those that follow a source only if `sync`.
    pub fn jobs(&self, sync: bool) -> Vec<Job> {
        let mut jobs: Vec<Job> = SourceJob::ALL
            .into_iter()
            .filter(|_| sync)
            .map(|job| self.job(job, None))
            .collect();
        jobs.extend([self.rank_job(), self.tidy_job()]);
        jobs
    }

    fn rank_job(&self) -> Job {
        let (store, clock) = (self.store.clone(), self.clock.clone());
        Job::new(RANK, "library", Schedule::Every(minutes(60)), move |_| {
            let (store, clock) = (store.clone(), clock.clone());
            async move {
                ranking::rank(&store, clock.now()).await?;
                // Read the rankings once, so that no reader waits for it.
                for window in [Window::Day, Window::Week, Window::Month] {
                    store.current_ranking(window).await?;
                }
                Ok(())
            }
        })
    }

    fn tidy_job(&self) -> Job {
        let (store, clock) = (self.store.clone(), self.clock.clone());
        Job::new("tidy", "library", Schedule::At(NIGHT), move |_| {
            let (store, clock) = (store.clone(), clock.clone());
            async move { Ok(tidy(&store, clock.now()).await?) }
        })
    }
}

/// Removes rows that are no longer needed.
async fn tidy(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    store.forget_leftovers(now).await?;
    let before = now
        .checked_sub(SignedDuration::try_from(RUNS_KEPT).unwrap_or_default())
        .unwrap_or(now);
    store.forget_runs(before).await
}

impl From<FetchError> for Failure {
    fn from(trouble: FetchError) -> Self {
        match trouble {
            FetchError::Resting { until } => Self::Postponed {
                message: trouble.to_string(),
                until,
            },
            FetchError::Store(error) => Self::Store(error),
            FetchError::Passing { .. } | FetchError::Refused(_) => Self::Failed(trouble.to_string()),
        }
    }
}
