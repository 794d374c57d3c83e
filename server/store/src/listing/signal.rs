//! How signals are written in the tables.

use domain::paper::Signal;

use crate::error::{Result, StoreError};

/// The column of `papers` and `listings` with the latest total of a signal.
pub(crate) fn column(signal: Signal) -> &'static str {
    match signal {
        Signal::Upvotes => "upvotes",
        Signal::Stars => "stars",
    }
}

/// Reads the column `snapshots.signal`.
pub(crate) fn stored_signal(code: &str) -> Result<Signal> {
    [Signal::Upvotes, Signal::Stars]
        .into_iter()
        .find(|signal| signal.code() == code)
        .ok_or_else(|| StoreError::Corrupt(format!("“{code}” is not a signal")))
}
