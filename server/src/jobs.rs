//! What runs when, inside `serve`. Every job can be run again at any time without harm.
//!
//! | job | when |
//! |---|---|
//! | rank, and forget what nobody confirmed or took back | at start if the last run is older than an hour, then every hour |
//! | queue digests | every 30 seconds: whoever is due by their own clock |
//! | send letters | every 2 seconds while any is waiting |

use std::time::Duration;

use backend::{
    Clock, Store,
    digest::{Post, Step},
    ranking,
};
use domain::Window;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Interval, MissedTickBehavior, interval},
};

const RANK_EVERY: Duration = Duration::from_secs(3_600);
const QUEUE_EVERY: Duration = Duration::from_secs(30);
const SEND_EVERY: Duration = Duration::from_secs(2);

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

/// Starts the jobs.
pub fn start(store: Store, post: Post, clock: Clock) -> Jobs {
    let (stopping, stop) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(rank(store.clone(), clock.clone(), stop.clone()));
    tasks.spawn(queue(post.clone(), clock.clone(), stop.clone()));
    tasks.spawn(send(store, post, clock, stop));
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

async fn rank(store: Store, clock: Clock, mut stop: watch::Receiver<bool>) {
    let mut ticks = every(RANK_EVERY);
    while next(&mut ticks, &mut stop).await {
        let now = clock.now();
        match store.last_rank_run().await {
            Ok(Some(ran)) if now.as_second() - ran < RANK_EVERY.as_secs() as i64 - 60 => {}
            Ok(_) => {
                if let Err(error) = ranking::rank(&store, now).await {
                    tracing::error!(%error, "the rank job failed");
                }
                // Read once, so that no reader waits for it.
                for window in [Window::Day, Window::Week, Window::Month] {
                    if let Err(error) = store.current_ranking(window).await {
                        tracing::error!(%error, "a ranking cannot be read back");
                    }
                }
                if let Err(error) = store.forget_leftovers(now).await {
                    tracing::error!(%error, "leftovers could not be forgotten");
                }
            }
            Err(error) => tracing::error!(%error, "the rank job failed"),
        }
    }
}

async fn queue(post: Post, clock: Clock, mut stop: watch::Receiver<bool>) {
    let mut ticks = every(QUEUE_EVERY);
    while next(&mut ticks, &mut stop).await {
        match post.queue_due(clock.now()).await {
            Ok(0) => {}
            Ok(queued) => tracing::info!(queued, "digests queued"),
            Err(error) => tracing::error!(%error, "digests could not be queued"),
        }
    }
}

async fn send(store: Store, post: Post, clock: Clock, mut stop: watch::Receiver<bool>) {
    let mut ticks = every(SEND_EVERY);
    while next(&mut ticks, &mut stop).await {
        while !*stop.borrow() {
            // Looking costs no write lock.
            match store.has_letter_due(clock.now()).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(%error, "letters could not be looked up");
                    break;
                }
            }
            match post.deliver_one(clock.now()).await {
                Ok(Step::NothingDue) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(%error, "a letter could not be sent");
                    break;
                }
            }
        }
    }
}
