//! Gates: the minimum pause between two requests to one host.
//!
//! The state of a gate is in the database, so that a restart, a `kill -9` or a second process keeps the pause too.

use std::{sync::Arc, time::Duration};

use domain::Upstream;
use jiff::Timestamp;
use jobs::later;
use store::{Clock, Store, StoreError};
use tokio::sync::{Mutex, MutexGuard};

use super::{
    error::FetchError,
    limits::{Limits, MOST_RETRY_AFTER, MOST_WAIT},
};

/// A host to which one request is sent at a time, with a pause after each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gate {
    /// All hosts of arXiv together: one request per three seconds (<https://info.arxiv.org/help/api/tou.html>).
    Arxiv,
    /// 500 requests in five minutes.
    HuggingFace,
    /// One request at a time, a second apart
    /// (<https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api>).
    GitHub,
}

impl Gate {
    /// The gate of a source.
    pub fn of(upstream: Upstream) -> Self {
        match upstream {
            Upstream::ArxivOai | Upstream::ArxivRss | Upstream::ArxivApi => Self::Arxiv,
            Upstream::HuggingFace => Self::HuggingFace,
            Upstream::GitHub => Self::GitHub,
        }
    }

    /// Its text in the table.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Arxiv => "arxiv",
            Self::HuggingFace => "huggingface",
            Self::GitHub => "github",
        }
    }

    /// The pause between the end of one request and the beginning of the next.
    pub fn pause(self) -> Duration {
        match self {
            Self::Arxiv => Duration::from_secs(3),
            Self::HuggingFace | Self::GitHub => Duration::from_secs(1),
        }
    }
}

/// All gates. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Gates {
    store: Store,
    clock: Clock,
    limits: Limits,
    inside: Arc<[Mutex<()>; 3]>,
}

/// The permission to send one request. [`Turn::end`] must be called after it.
pub(super) struct Turn<'a> {
    gates: &'a Gates,
    gate: Gate,
    _one_at_a_time: MutexGuard<'a, ()>,
}

impl Gates {
    pub fn new(store: Store, clock: Clock, limits: Limits) -> Self {
        Self {
            store,
            clock,
            limits,
            inside: Arc::default(),
        }
    }

    /// Waits for a turn at a gate, at most `max_wait`.
    pub async fn enter(&self, gate: Gate, max_wait: Option<Duration>) -> Result<Turn<'_>, FetchError> {
        let inside = self.inside[gate as usize].lock();
        let one_at_a_time = match max_wait {
            None => inside.await,
            // Other requests of this process come first. They are waited for in real time, whatever clock a test uses.
            Some(max_wait) => {
                tokio::time::timeout(max_wait, inside)
                    .await
                    .map_err(|_| FetchError::Resting {
                        until: later(self.clock.now(), gate.pause()),
                    })?
            }
        };
        self.reserve(gate, max_wait).await?;
        Ok(Turn {
            gates: self,
            gate,
            _one_at_a_time: one_at_a_time,
        })
    }

    /// Reserves the gate in the database for as long as a request may take.
    async fn reserve(&self, gate: Gate, max_wait: Option<Duration>) -> Result<(), FetchError> {
        let began = self.clock.now();
        loop {
            let now = self.clock.now();
            let lease = later(now, self.limits.longest_request());
            let Some(free_at) = self.store.reserve_gate(gate.code(), now, lease).await? else {
                return Ok(());
            };
            if let Some(max_wait) = max_wait
                && free_at > later(began, max_wait)
            {
                return Err(FetchError::Resting { until: free_at });
            }
            // No pause is this long, so a clock was wrong when it was written.
            if free_at > self.latest_plausible(now) {
                self.store.free_gate(gate.code(), now).await?;
                continue;
            }
            if free_at > later(now, MOST_WAIT) {
                return Err(FetchError::Resting { until: free_at });
            }
            // Another process may free the gate before its lease ends, so it is checked after each pause.
            self.clock
                .sleep_until(free_at.min(later(now, gate.pause())))
                .await;
        }
    }

    fn latest_plausible(&self, now: Timestamp) -> Timestamp {
        later(
            now,
            MOST_RETRY_AFTER + self.limits.total + Duration::from_secs(3_600),
        )
    }
}

impl Turn<'_> {
    /// Frees the gate after its pause, or after `at_least` if that is longer.
    pub async fn end(self, at_least: Duration) -> Result<(), StoreError> {
        let Gates { store, clock, .. } = self.gates;
        let pause = self.gate.pause().max(at_least);
        store.free_gate(self.gate.code(), later(clock.now(), pause)).await
    }
}
