//! How many papers a listing has, remembered for a minute: the number in the result line may be that old, the
//! list itself never is.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

const REMEMBERED_FOR: Duration = Duration::from_secs(60);
const MOST: usize = 2_000;

#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<HashMap<String, (Instant, u64)>>);

impl Cache {
    pub fn get(&self, question: &str) -> Option<u64> {
        let counts = self.0.lock().ok()?;
        counts.get(question).filter(|(at, _)| at.elapsed() < REMEMBERED_FOR).map(|(_, count)| *count)
    }

    pub fn put(&self, question: String, count: u64) {
        if let Ok(mut counts) = self.0.lock() {
            if counts.len() >= MOST {
                counts.clear();
            }
            counts.insert(question, (Instant::now(), count));
        }
    }

    pub fn clear(&self) {
        if let Ok(mut counts) = self.0.lock() {
            counts.clear();
        }
    }
}
