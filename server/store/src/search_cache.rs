//! The orders of searches that are being read, for the pages that follow the first.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use domain::ListStart;

use super::walks::Hit;

/// Searches remembered: each a few kilobytes.
const MOST_REMEMBERED: usize = 256;

/// A listing, when its reading began, and what was found, in order.
type Remembered = (u64, ListStart, Arc<Vec<Hit>>);

/// The last searches that have more than one page.
#[derive(Debug, Default)]
pub(super) struct Searches(Mutex<VecDeque<Remembered>>);

impl Searches {
    pub fn get(&self, listing: u64, begun: ListStart) -> Option<Arc<Vec<Hit>>> {
        let remembered = self.0.lock().ok()?;
        remembered
            .iter()
            .find(|(known, when, _)| (*known, *when) == (listing, begun))
            .map(|(.., found)| found.clone())
    }

    pub fn put(&self, listing: u64, begun: ListStart, found: Vec<Hit>) {
        if let Ok(mut remembered) = self.0.lock() {
            remembered.retain(|(known, when, _)| (*known, *when) != (listing, begun));
            remembered.push_back((listing, begun, Arc::new(found)));
            while remembered.len() > MOST_REMEMBERED {
                remembered.pop_front();
            }
        }
    }
}
