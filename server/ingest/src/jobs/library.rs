//! The jobs that work on the library itself: ranking, and removing old rows.

use std::time::Duration;

use domain::Window;
use jiff::{SignedDuration, Timestamp, civil::Time};
use jobs::{Job, Schedule};
use store::{Clock, Store, StoreError};

use crate::ranking;

/// The name of the job that ranks.
pub(super) const RANK: &str = "rank";
/// The lane of these jobs.
const LANE: &str = "library";
/// How often papers are ranked even if nothing changed, because heat decays.
const RANK_EVERY: Duration = Duration::from_secs(3_600);
/// When old rows are removed, in US Eastern time.
const TIDY_AT: &[Time] = &[Time::constant(4, 30, 0, 0)];
/// Rows of `job_runs` are kept for this time.
const RUNS_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Computes heat.
pub(super) fn rank_job(store: &Store, clock: &Clock) -> Job {
    let (store, clock) = (store.clone(), clock.clone());
    Job::new(RANK, LANE, Schedule::Every(RANK_EVERY), move |_| {
        let (store, clock) = (store.clone(), clock.clone());
        async move {
            ranking::rank(&store, clock.now()).await?;
            // Loads the rankings into memory, so that no reader has to wait for it.
            for window in [Window::Day, Window::Week, Window::Month] {
                store.current_ranking(window).await?;
            }
            Ok(())
        }
    })
}

/// Removes rows that are no longer needed.
pub(super) fn tidy_job(store: &Store, clock: &Clock) -> Job {
    let (store, clock) = (store.clone(), clock.clone());
    Job::new("tidy", LANE, Schedule::At(TIDY_AT), move |_| {
        let (store, clock) = (store.clone(), clock.clone());
        async move { Ok(tidy(&store, clock.now()).await?) }
    })
}

async fn tidy(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    store.forget_leftovers(now).await?;
    let before = now.checked_sub(RUNS_KEPT).unwrap_or(now);
    store.forget_runs(before).await
}
