//! Time and chance, so that tests can choose them.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

/// Where "now" comes from.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that a test sets and moves.
    Fixed(Arc<Mutex<Timestamp>>),
}

impl Clock {
    /// A clock that stands at `now` until it is moved.
    pub fn fixed(now: Timestamp) -> Self {
        Self::Fixed(Arc::new(Mutex::new(now)))
    }

    /// The moment.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Fixed(now) => *now.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        }
    }

    /// Waits until `at`. On a fixed clock no time passes for the others: the sleeper moves it there.
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

    /// Moves a fixed clock; the machine's clock is not moved.
    pub fn advance(&self, by: SignedDuration) {
        if let Self::Fixed(now) = self {
            let mut now = now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *now = now.saturating_add(by).unwrap_or(*now);
        }
    }
}
