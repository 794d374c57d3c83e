//! Numbers that are read on every page and cost a walk over an index: remembered for a while. A number in the result
//! line may be that old, the list itself never is.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use domain::Category;

use super::maintenance::LibraryFacts;

const REMEMBERED_FOR: Duration = Duration::from_secs(60);
/// Which categories are large changes slowly, and counting them reads a whole index.
const CATEGORIES_FOR: Duration = Duration::from_secs(600);
/// Different questions remembered at once.
const MOST: usize = 2_000;

/// One value and when it was found.
#[derive(Debug)]
pub(super) struct Remembered<T> {
    lifetime: Duration,
    found: Mutex<Option<(Instant, T)>>,
}

impl<T: Clone> Remembered<T> {
    fn new(lifetime: Duration) -> Self {
        Self {
            lifetime,
            found: Mutex::default(),
        }
    }

    pub fn get(&self) -> Option<T> {
        let found = self.found.lock().ok()?;
        let (at, value) = found.as_ref()?;
        (at.elapsed() < self.lifetime).then(|| value.clone())
    }

    pub fn put(&self, value: T) {
        if let Ok(mut found) = self.found.lock() {
            *found = Some((Instant::now(), value));
        }
    }

    fn forget(&self) {
        if let Ok(mut found) = self.found.lock() {
            *found = None;
        }
    }
}

#[derive(Debug)]
pub(super) struct Cache {
    counts: Mutex<HashMap<String, (Instant, u64)>>,
    pub facts: Remembered<LibraryFacts>,
    pub categories: Remembered<Vec<Category>>,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            counts: Mutex::default(),
            facts: Remembered::new(REMEMBERED_FOR),
            categories: Remembered::new(CATEGORIES_FOR),
        }
    }
}

impl Cache {
    pub fn get(&self, question: &str) -> Option<u64> {
        let counts = self.counts.lock().ok()?;
        counts
            .get(question)
            .filter(|(at, _)| at.elapsed() < REMEMBERED_FOR)
            .map(|(_, count)| *count)
    }

    pub fn put(&self, question: String, count: u64) {
        if let Ok(mut counts) = self.counts.lock() {
            if counts.len() >= MOST {
                counts.clear();
            }
            counts.insert(question, (Instant::now(), count));
        }
    }

    /// The library has changed. Which categories are large has hardly.
    pub fn clear(&self) {
        if let Ok(mut counts) = self.counts.lock() {
            counts.clear();
        }
        self.facts.forget();
    }
}
