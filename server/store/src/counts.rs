//! Counts that every page shows and that cost a walk over an index. They are cached for a while, so the number of results
//! may be a minute old; the results themselves never are.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use domain::Category;

use crate::facts::LibraryFacts;

/// How long counts are cached.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);
/// The order of categories by size changes slowly, and counting them reads a whole index.
const CATEGORIES_FOR: Duration = Duration::from_secs(600);
/// Cached counts.
const MOST: usize = 2_000;

/// One cached value and its time.
#[derive(Debug)]
pub(crate) struct Remembered<T> {
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

/// The cached counts.
#[derive(Debug)]
pub(crate) struct Cache {
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

    /// Empties the cache after papers have changed, except for the order of categories, which changes slowly.
    pub fn clear(&self) {
        if let Ok(mut counts) = self.counts.lock() {
            counts.clear();
        }
        self.facts.forget();
    }
}
