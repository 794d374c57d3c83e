//! The reference times for checking a record.

use domain::paper::Published;
use jiff::Timestamp;

/// The reference times for checking a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moments {
    /// When the file was current. Totals without a time of their own use this time.
    pub as_of: Timestamp,
    /// The current time. Later dates are wrong.
    pub now: Timestamp,
}

impl Moments {
    /// Whether a date is plausible now.
    pub(super) fn believe(self, date: &Published) -> bool {
        date.is_believable(self.now)
    }

    /// The time of a reading. A future time would hide all later readings, so it counts as missing.
    pub(super) fn of_reading(self, at: Option<Timestamp>) -> Timestamp {
        at.filter(|at| Published::At(*at).is_believable(self.now))
            .unwrap_or(self.as_of)
    }
}
