//! Identifiers that arXiv does not have: a dead link somewhere must not have arXiv asked for it again and again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use domain::ArxivId;
use jiff::Timestamp;

/// A paper submitted in the meantime is found after this.
const REMEMBERED_SECONDS: i64 = 3_600;
/// Then the oldest are forgotten.
const MOST_REMEMBERED: usize = 2_000;

/// What was looked for in vain, and when. Cheap to clone; all clones remember together.
#[derive(Debug, Clone, Default)]
pub struct Absent(Arc<Mutex<HashMap<ArxivId, i64>>>);

impl Absent {
    /// Whether arXiv did not have this lately.
    pub fn has(&self, id: &ArxivId, now: Timestamp) -> bool {
        self.0.lock().is_ok_and(|known| {
            known
                .get(id)
                .is_some_and(|at| now.as_second() - at < REMEMBERED_SECONDS)
        })
    }

    /// arXiv does not have this.
    pub fn note(&self, id: &ArxivId, now: Timestamp) {
        if let Ok(mut known) = self.0.lock() {
            if known.len() >= MOST_REMEMBERED {
                known.retain(|_, at| now.as_second() - *at < REMEMBERED_SECONDS / 2);
            }
            if known.len() < MOST_REMEMBERED {
                known.insert(id.clone(), now.as_second());
            }
        }
    }
}
