//! Bounds of time and size.

use std::time::Duration;

/// The longest wait inside a pass. For a longer one the pass ends, and the job runs again later.
pub(super) const MOST_WAIT: Duration = Duration::from_secs(120);
/// The longest pause that a server can ask for. After a day it is asked again in any case.
pub(super) const MOST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// How long a response may take, and how large it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time to connect.
    pub connect: Duration,
    /// Time between two parts of a response.
    pub idle: Duration,
    /// Time for the whole response.
    pub total: Duration,
    /// Bytes of a response after decompression.
    pub body: usize,
}

impl Limits {
    /// The longest time between the beginning and the end of a request.
    pub(super) fn longest_request(&self) -> Duration {
        self.total + self.connect
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(20),
            total: Duration::from_secs(90),
            body: 32 << 20,
        }
    }
}
