//! The jobs inside `serve`. What follows the sources, ranks and tidies is a table in [`backend::scheduler`]; letters
//! have their own rhythm:
//!
//! | job | when |
//! |---|---|
//! | queue digests | every 30 seconds: whoever is due by their own clock |
//! | send letters | every 2 seconds while any is waiting |
//! | look for news | every 5 seconds while somebody reads, for the "new papers" line |

use std::time::Duration;

use backend::{
    Clock, Store,
    digest::Post,
    scheduler::{Scheduler, lanes},
};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Interval, MissedTickBehavior, interval},
};

use crate::http::news::News;

const QUEUE_EVERY: Duration = Duration::from_secs(30);
const SEND_EVERY: Duration = Duration::from_secs(2);
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

/// Starts the jobs; `sync` says whether the sources are followed.
pub fn start(store: Store, post: Post, clock: Clock, scheduler: &Scheduler, sync: bool, news: News) -> Jobs {
    let (stopping, stop) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for jobs in lanes(sync).into_values() {
        let (scheduler, stop) = (scheduler.clone(), stop.clone());
        tasks.spawn(async move {
            scheduler.follow(&jobs, None, stop).await;
            scheduler.let_go().await;
        });
    }
    tasks.spawn(look(store.clone(), news, stop.clone()));
    tasks.spawn(queue(post.clone(), clock.clone(), stop.clone()));
    tasks.spawn(send(post, clock, stop));
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

async fn send(post: Post, clock: Clock, mut stop: watch::Receiver<bool>) {
    let mut ticks = every(SEND_EVERY);
    while next(&mut ticks, &mut stop).await {
        while !*stop.borrow() {
            // Looking costs no write lock.
            match post.has_letter_due(clock.now()).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(%error, "letters could not be looked up");
                    break;
                }
            }
            match post.deliver_some(clock.now()).await {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(%error, "letters could not be sent");
                    break;
                }
            }
        }
    }
}
