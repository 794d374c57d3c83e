//! The editions before and after an edition.

use app::{AppError, context::ForReader, pages::EditionNav};
use domain::{Edition, edition::utc_day, paper::Published};
use jiff::{Timestamp, civil::Date};

use crate::state::AppState;

/// The nearest editions with papers before and after this one.
pub async fn neighbours(state: &AppState, edition: Edition) -> Result<EditionNav, AppError> {
    let day_of = |at: i64| Timestamp::from_second(at).ok().map(utc_day);
    let earlier = state
        .store
        .last_announced_before(day_start(edition.first_day()))
        .await
        .for_reader()?;
    let later = state
        .store
        .first_announced_from(day_start(edition.next().first_day()))
        .await
        .for_reader()?;
    Ok(EditionNav {
        edition,
        previous: earlier.and_then(day_of).map(|day| edition.at(day)),
        next: later.and_then(day_of).map(|day| edition.at(day)),
    })
}

/// The first second of a day (UTC). The sort key is 0 for a day after the end of the calendar.
pub fn day_start(day: Date) -> i64 {
    Some(Published::Day(day).sort_key())
        .filter(|at| *at != 0)
        .unwrap_or(i64::MAX)
}
