//! How many papers a listing has, remembered for a minute: the number in the result line may be that old, the
//! list itself never is.

use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, Instant},
};

use domain::Category;

const REMEMBERED_FOR: Duration = Duration::from_secs(60);
const MOST: usize = 2_000;

/// Which categories are large changes slowly, and counting them reads a whole index.
const CATEGORIES_FOR: Duration = Duration::from_secs(600);

#[derive(Debug, Default)]
pub(super) struct Cache {
    counts: Mutex<HashMap<String, (Instant, u64)>>,
    categories: Mutex<Option<(Instant, Vec<Category>)>>,
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

    pub fn categories(&self) -> Option<Vec<Category>> {
        let categories = self.categories.lock().ok()?;
        categories
            .as_ref()
            .filter(|(at, _)| at.elapsed() < CATEGORIES_FOR)
            .map(|(_, names)| names.clone())
    }

    pub fn put_categories(&self, names: Vec<Category>) {
        if let Ok(mut categories) = self.categories.lock() {
            *categories = Some((Instant::now(), names));
        }
    }

    pub fn clear(&self) {
        if let Ok(mut counts) = self.counts.lock() {
            counts.clear();
        }
    }
}
