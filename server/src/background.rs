//! What runs inside `serve` beside the requests: the jobs of `ingest` and `mail`, one task for each lane, and the loop
//! that tells open pages about new papers.

use std::{sync::Arc, time::Duration};

use ::jobs::{Job, Scheduler, lanes};
use store::Store;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use crate::state::News;

/// How often Broadsheet looks for new papers while a page is open.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Pause before a loop that panicked starts again.
const RESTART_AFTER: Duration = Duration::from_secs(10);

/// The running jobs.
#[derive(Debug)]
pub struct Jobs {
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Jobs {
    /// Stops the jobs when `true` is sent.
    pub fn stopper(&self) -> watch::Sender<bool> {
        self.stopping.clone()
    }

    /// Waits for the signal to stop, then lets each job finish its present step. An email that the mail server has
    /// accepted is thus recorded as sent before the database closes. After `grace` the rest is cut off; the email of a
    /// job that was cut off keeps its lease and is sent later.
    pub async fn ended(mut self, grace: Duration) {
        let mut stop = self.stopping.subscribe();
        loop {
            tokio::select! {
                _ = stop.wait_for(|stopping| *stopping) => break,
                Some(ended) = self.tasks.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "a background task failed; it starts again with the program");
                    }
                }
            }
        }
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, all).await.is_err() {
            tracing::warn!("a job did not end within {} s", grace.as_secs());
        }
    }
}

/// Starts the jobs, and the loop that looks for new papers.
pub fn start(store: Store, scheduler: &Scheduler, jobs: Vec<Job>, news: News) -> Jobs {
    let (stopping, stop) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for (lane, jobs) in lanes(jobs) {
        let (scheduler, stop) = (scheduler.clone(), stop.clone());
        let jobs = Arc::new(jobs);
        let work = {
            let stop = stop.clone();
            move || follow(scheduler.clone(), jobs.clone(), stop.clone())
        };
        tasks.spawn(restarted(lane, RESTART_AFTER, stop, work));
    }
    let work = {
        let stop = stop.clone();
        move || look_for_papers(store.clone(), news.clone(), stop.clone())
    };
    tasks.spawn(restarted("news", RESTART_AFTER, stop, work));
    Jobs { stopping, tasks }
}

/// Runs a loop in a task of its own, and starts it again after a pause if it panics.
async fn restarted<F>(
    name: &'static str,
    pause: Duration,
    mut stop: watch::Receiver<bool>,
    work: impl Fn() -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    loop {
        // Dropping the set ends the task.
        let mut task = JoinSet::new();
        task.spawn(work());
        match task.join_next().await {
            Some(Err(error)) if error.is_panic() => {
                tracing::error!(name, %error, "a background loop panicked; it starts again");
            }
            _ => return,
        }
        tokio::select! {
            _ = stop.wait_for(|stopping| *stopping) => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn follow(scheduler: Scheduler, jobs: Arc<Vec<Job>>, stop: watch::Receiver<bool>) {
    scheduler.follow(&jobs, None, stop).await;
    scheduler.release(&jobs).await;
}

/// Publishes the newest paper, also if another process stored it. Ends every stream when Broadsheet stops.
async fn look_for_papers(store: Store, news: News, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stopping| *stopping) => break,
            _ = ticks.tick() => {}
        }
        if !news.has_readers() {
            continue;
        }
        match store.newest().await {
            Ok(newest) => news.publish(newest),
            Err(error) => tracing::warn!(%error, "cannot look for new papers"),
        }
    }
    news.close();
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_loop_that_panics_starts_again() {
        let runs = Arc::new(AtomicUsize::new(0));
        let (_stopping, stop) = watch::channel(false);
        let counted = runs.clone();
        restarted("test", Duration::ZERO, stop, move || {
            let run = counted.fetch_add(1, Ordering::Relaxed);
            async move { assert!(run == 2, "the first two runs panic") }
        })
        .await;
        assert_eq!(runs.load(Ordering::Relaxed), 3);
    }
}
