//! Jobs for the library itself: ranking, plain texts, and removing old rows.

use std::time::Duration;

use domain::Window;
use jiff::{SignedDuration, Timestamp, civil::Time};
use jobs::{Job, Schedule};
use store::{Clock, Store, StoreError};

use crate::{plain_texts, ranking};

/// The name of the job that ranks.
pub(super) const RANK: &str = "rank";
/// The lane of these jobs.
const LANE: &str = "library";
/// How often papers are ranked even if nothing changed, because heat decays.
const RANK_EVERY: Duration = Duration::from_secs(3_600);
/// The interval between checks for missing plain texts.
const PLAIN_TEXTS_EVERY: Duration = Duration::from_secs(3_600);
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

/// Computes missing plain texts, and finds code links again. After an upgrade every paper needs it, later none does.
pub(super) fn plain_texts_job(store: &Store, clock: &Clock) -> Job {
    let (for_work, for_check, clock) = (store.clone(), store.clone(), clock.clone());
    Job::new(
        "plain-texts",
        LANE,
        Schedule::Every(PLAIN_TEXTS_EVERY),
        move |_| {
            let (store, clock) = (for_work.clone(), clock.clone());
            async move {
                plain_texts::complete(&store).await?;
                store.check_code_links(clock.now()).await?;
                Ok(())
            }
        },
    )
    .only_if(move || {
        let store = for_check.clone();
        async move {
            Ok(
                store.lacks_plain_texts(plain_texts::RULES).await?
                    || store.has_unchecked_code_links().await?,
            )
        }
    })
}

/// Removes rows that are no longer needed, and corrects dates in the future.
pub(super) fn tidy_job(store: &Store, clock: &Clock) -> Job {
    let (store, clock) = (store.clone(), clock.clone());
    Job::new("tidy", LANE, Schedule::At(TIDY_AT), move |_| {
        let (store, clock) = (store.clone(), clock.clone());
        async move { Ok(tidy(&store, clock.now()).await?) }
    })
}

async fn tidy(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    store.forget_leftovers(now).await?;
    store.correct_implausible_dates(now).await?;
    let before = now.checked_sub(RUNS_KEPT).unwrap_or(now);
    store.forget_runs(before).await
}
