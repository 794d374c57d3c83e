//! The editions before and after an edition.

use app::{AppError, context::ForReader, pages::EditionNav};
use domain::{Edition, edition::utc_day};
use jiff::Timestamp;

use crate::state::AppState;

/// The nearest editions with papers before and after this one.
pub async fn neighbours(state: &AppState, edition: Edition) -> Result<EditionNav, AppError> {
    let day_of = |at: i64| Timestamp::from_second(at).ok().map(utc_day);
    let earlier = state
        .store
        .last_announced_before(edition.start())
        .await
        .for_reader()?;
    let later = state
        .store
        .first_announced_from(edition.end())
        .await
        .for_reader()?;
    Ok(EditionNav {
        edition,
        previous: earlier.and_then(day_of).map(|day| edition.at(day)),
        next: later.and_then(day_of).map(|day| edition.at(day)),
    })
}
