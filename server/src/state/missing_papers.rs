//! Ids that arXiv does not have. A dead link somewhere must not make Broadsheet ask arXiv for the same id repeatedly.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use domain::ArxivId;
use jiff::Timestamp;

/// After this time Broadsheet asks again: the paper may have been submitted since.
const REMEMBER_SECONDS: i64 = 3_600;
/// Above this number the older half is removed.
const MAX_REMEMBERED: usize = 2_000;

/// Ids that arXiv did not have, and when it was asked. Cheap to clone; all clones share one memory.
#[derive(Debug, Clone, Default)]
pub struct MissingPapers(Arc<Mutex<HashMap<ArxivId, i64>>>);

impl MissingPapers {
    /// Whether arXiv recently did not have this id.
    pub fn contains(&self, id: &ArxivId, now: Timestamp) -> bool {
        self.0.lock().is_ok_and(|known| {
            known
                .get(id)
                .is_some_and(|at| now.as_second() - at < REMEMBER_SECONDS)
        })
    }

    /// Remembers that arXiv does not have this id.
    pub fn add(&self, id: &ArxivId, now: Timestamp) {
        if let Ok(mut known) = self.0.lock() {
            if known.len() >= MAX_REMEMBERED {
                known.retain(|_, at| now.as_second() - *at < REMEMBER_SECONDS / 2);
            }
            if known.len() < MAX_REMEMBERED {
                known.insert(id.clone(), now.as_second());
            }
        }
    }
}
