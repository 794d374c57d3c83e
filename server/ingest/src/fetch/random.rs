//! Random numbers that spread requests over time.

use std::sync::{Arc, Mutex};

use rand::{RngExt, SeedableRng, rngs::StdRng};

/// A seeded generator. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Random(Arc<Mutex<StdRng>>);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    pub fn next(&self) -> u64 {
        self.0
            .lock()
            .map(|mut random| random.random())
            .unwrap_or_default()
    }

    /// A number between 0 and 1.
    pub fn fraction(&self) -> f64 {
        f64::from(self.next() as u16) / f64::from(u16::MAX)
    }
}
