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
use tokio::time::{MissedTickBehavior, interval};

const RANK_EVERY: Duration = Duration::from_secs(3_600);
const QUEUE_EVERY: Duration = Duration::from_secs(30);
const SEND_EVERY: Duration = Duration::from_secs(2);

/// Starts the jobs; they end with the runtime. A letter being sent then keeps its lease and is taken up again.
pub fn start(store: Store, post: Post, clock: Clock) {
    tokio::spawn(rank(store.clone(), clock.clone()));
    tokio::spawn(queue(post.clone(), clock.clone()));
    tokio::spawn(send(store, post, clock));
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn rank(store: Store, clock: Clock) {
    let mut ticks = every(RANK_EVERY);
    loop {
        ticks.tick().await;
        let now = clock.now();
        match store.last_rank_run().await {
            Ok(Some(ran)) if now.as_second() - ran < RANK_EVERY.as_secs() as i64 - 60 => {}
            Ok(_) => {
                if let Err(error) = ranking::rank(&store, now).await {
                    tracing::error!(%error, "the rank job failed");
                }
                if let Err(error) = store.forget_leftovers(now).await {
                    tracing::error!(%error, "leftovers could not be forgotten");
                }
            }
            Err(error) => tracing::error!(%error, "the rank job failed"),
        }
    }
}

async fn queue(post: Post, clock: Clock) {
    let mut ticks = every(QUEUE_EVERY);
    loop {
        ticks.tick().await;
        match post.queue_due(clock.now()).await {
            Ok(0) => {}
            Ok(queued) => tracing::info!(queued, "digests queued"),
            Err(error) => tracing::error!(%error, "digests could not be queued"),
        }
    }
}

async fn send(store: Store, post: Post, clock: Clock) {
    let mut ticks = every(SEND_EVERY);
    loop {
        ticks.tick().await;
        loop {
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
