//! The configured sources.

use std::{sync::Arc, time::Duration};

use domain::{Category, Upstream};
use jiff::civil::Date;
use jobs::{Ending, FollowUp, Job, Run};
use store::{Clock, Store, StoreError};

use super::{
    library::{RANK, plain_texts_job, rank_job, tidy_job},
    source_job::SourceJob,
};
use crate::{
    fetch::Fetcher,
    sources::{Listener, SourceContext, SourceSettings},
};

/// Delay of the jobs that follow a change, so that changes within this time are handled together.
const FOLLOW_UP_DELAY: Duration = Duration::from_secs(20);

/// The configured sources, and the jobs that follow them. Cheap to clone.
#[derive(Clone)]
pub struct Sources {
    store: Store,
    clock: Clock,
    fetcher: Fetcher,
    settings: Arc<SourceSettings>,
    listener: Listener,
}

impl Sources {
    /// The sources with these settings.
    pub fn new(store: Store, clock: Clock, fetcher: Fetcher, settings: SourceSettings) -> Self {
        Self {
            store,
            clock,
            fetcher,
            settings: Arc::new(settings),
            listener: Arc::new(|message| tracing::debug!("{message}")),
        }
    }

    /// The same sources, which report the progress of each pass to this listener.
    pub fn with_listener(self, listener: Listener) -> Self {
        Self { listener, ..self }
    }

    /// What sends the requests.
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// For each source a URL that answers if the source is available.
    pub fn probes(&self) -> Vec<(Upstream, String)> {
        let settings = &self.settings;
        let set = settings.sets.first().map_or("cs", Category::as_str);
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
            // This URL does not use up the quota.
            (Upstream::GitHub, format!("{}/rate_limit", settings.github_api)),
        ]
    }

    /// What an adapter works with. Outside of a job, pass [`Run::default`].
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

    /// A job that follows a source, for what is new or for everything since `from`.
    pub fn job(&self, job: SourceJob, from: Option<Date>) -> Job {
        let (for_work, for_follow_up) = (self.clone(), self.clone());
        Job::new(job.code(), job.lane(), job.schedule(), move |run| {
            let source = for_work.context(run);
            async move { Ok(job.pass(&source, from).await?) }
        })
        .followed_by(move |run, ending| {
            let this = for_follow_up.clone();
            async move { this.follow_up(job, &run, ending).await }
        })
    }

    /// Records how a pass ended, and asks the jobs that depend on it to run soon.
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
            // A source that asks for a pause has not failed.
            Ending::Postponed => {}
        }
        let tally = run.tally();
        let has_news = tally.summary.imported + tally.summary.updated > 0
            || job == SourceJob::GitHub && tally.requests > 0;
        if has_news {
            after.hurry.push((RANK, FOLLOW_UP_DELAY));
            // New papers may link to new repositories. GitHub limits the requests per hour: if the last run used many of
            // them, the next regular run is soon enough.
            let github = SourceJob::GitHub;
            if job != github && self.store.last_run_asked_little(github.code()).await? {
                after.hurry.push((github.code(), FOLLOW_UP_DELAY));
            }
        }
        Ok(after)
    }

    /// All jobs of this package. Those that follow a source are included only if `sync`.
    pub fn jobs(&self, sync: bool) -> Vec<Job> {
        let mut jobs: Vec<Job> = SourceJob::ALL
            .into_iter()
            .filter(|_| sync)
            .map(|job| self.job(job, None))
            .collect();
        jobs.push(rank_job(&self.store, &self.clock));
        jobs.push(plain_texts_job(&self.store, &self.clock));
        jobs.push(tidy_job(&self.store, &self.clock));
        jobs
    }
}
