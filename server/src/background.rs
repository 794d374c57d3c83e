//! What runs inside `serve` beside the requests: the jobs of `ingest` and `mail`, one task for each lane, and the loop
//! that tells open pages of new papers.

use std::time::Duration;

use ::jobs::{Job, Scheduler, lanes};
use store::Store;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Interval, MissedTickBehavior, interval},
};

use crate::http::news::News;

/// How often Broadsheet looks for new papers while a page is open.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The running jobs.
#[derive(Debug)]
pub struct Jobs {
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Jobs {
    /// What tells the jobs to stop, by sending `true`.
    pub fn stopper(&self) -> watch::Sender<bool> {
        self.stopping.clone()
    }

    /// Waits until the jobs are told to stop, then lets each finish what it is doing: a letter that the mail server
    /// has taken is noted as sent before the database closes. What takes longer than `grace` is cut off; such a letter
    /// keeps its lease and is taken up again.
    pub async fn ended(mut self, grace: Duration) {
        let mut stop = self.stopping.subscribe();
        loop {
            tokio::select! {
                _ = stop.wait_for(|stopping| *stopping) => break,
                Some(ended) = self.tasks.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "a job has died; it runs again after a restart");
                    }
                }
            }
        }
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, all).await.is_err() {
            tracing::warn!("a job was cut off after {} s", grace.as_secs());
        }
    }
}

/// Starts the jobs, and the loop that looks for new papers.
pub fn start(store: Store, scheduler: &Scheduler, jobs: Vec<Job>, news: News) -> Jobs {
    let (stopping, stop) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for jobs in lanes(jobs).into_values() {
        let (scheduler, stop) = (scheduler.clone(), stop.clone());
        tasks.spawn(async move {
            scheduler.follow(&jobs, None, stop).await;
            scheduler.release().await;
        });
    }
    tasks.spawn(look(store, news, stop));
    Jobs { stopping, tasks }
}

/// Waits for the next tick; `false` when it is time to stop.
async fn next(ticks: &mut Interval, stop: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        biased;
        _ = stop.wait_for(|stopping| *stopping) => false,
        _ = ticks.tick() => true,
    }
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Sees what other processes stored, too.
async fn look(store: Store, news: News, mut stop: watch::Receiver<bool>) {
    let mut ticks = every(LOOK_EVERY);
    while next(&mut ticks, &mut stop).await {
        if !news.has_readers() {
            continue;
        }
        match store.newest().await {
            Ok(newest) => news.publish(newest),
            Err(error) => tracing::warn!(%error, "news could not be looked for"),
        }
    }
    news.close();
}
