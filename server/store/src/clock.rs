//! The clock, which tests can replace.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

/// The source of the present time.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The clock of the machine.
    System,
    /// A clock that a test sets and moves.
    Fixed(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// A clock that stays at `now` until it is moved.
    pub fn fixed(now: Timestamp) -> Self {
        Self::Fixed(Arc::new(Mutex::new(now)))
    }

    /// The present moment.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(now) => *now.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        }
    }

    /// Waits until `at`. A fixed clock is moved there at once.
    pub async fn sleep_until(&self, at: Timestamp) {
        let wait = at.duration_since(self.now());
        if wait <= SignedDuration::ZERO {
            return;
        }
        match self {
            Self::System => tokio::time::sleep(wait.unsigned_abs()).await,
            Self::Fixed(_) => {
                self.advance(wait);
                tokio::task::yield_now().await;
            }
        }
    }

    /// Moves a fixed clock; does nothing to the clock of the machine.
    pub fn advance(&self, by: SignedDuration) {
        if let Self::Fixed(now) = self {
            let mut now = now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *now = now.saturating_add(by).unwrap_or(*now);
        }
    }
}
