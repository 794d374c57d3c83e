//! Circuits: a source that fails is not asked again for minutes, then for hours.

use std::time::Duration;

use domain::Upstream;
use jobs::later;
use store::{Clock, Store, StoreError};

use super::{error::FetchError, limits::MOST_RETRY_AFTER, random::Random};

/// How long a circuit stays open after the first failure. Each further failure doubles the time.
const FIRST_REST: Duration = Duration::from_secs(300);
/// The longest time that a circuit stays open.
const MOST_REST: Duration = Duration::from_secs(6 * 3_600);

/// The circuits of all sources. They are stored in the database.
#[derive(Debug, Clone)]
pub(super) struct Circuits {
    store: Store,
    clock: Clock,
    random: Random,
}

impl Circuits {
    pub fn new(store: Store, clock: Clock, random: Random) -> Self {
        Self { store, clock, random }
    }

    /// Fails if the circuit of this source is open.
    pub async fn check(&self, upstream: Upstream) -> Result<(), FetchError> {
        match self.store.resting(upstream, self.clock.now()).await? {
            Some(until) => Err(FetchError::Resting { until }),
            None => Ok(()),
        }
    }

    /// Closes the circuit after a good answer, and opens it after a failure.
    pub async fn record<T>(
        &self,
        upstream: Upstream,
        outcome: &Result<T, FetchError>,
    ) -> Result<(), StoreError> {
        match outcome {
            Ok(_) => self.store.source_answered(upstream, self.clock.now()).await,
            Err(FetchError::Passing { message, retry_after }) => {
                self.open(upstream, message, *retry_after).await
            }
            Err(FetchError::Refused(message)) => self.open(upstream, message, None).await,
            Err(FetchError::Resting { .. } | FetchError::Store(_)) => Ok(()),
        }
    }

    async fn open(
        &self,
        upstream: Upstream,
        message: &str,
        retry_after: Option<Duration>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let failures = self.store.source_failures(upstream).await?;
        let doubled = FIRST_REST.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX));
        let jitter = 0.75 + self.random.fraction() * 0.5;
        let rest = doubled.min(MOST_REST).mul_f64(jitter);
        let rest = rest.max(retry_after.unwrap_or_default().min(MOST_RETRY_AFTER));
        let until = later(now, rest);
        tracing::warn!(source = %upstream, failures = failures + 1, %until, "{message}");
        self.store.source_failed(upstream, message, now, until).await
    }
}
