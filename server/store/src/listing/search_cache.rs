//! The orders of recent searches, for the pages that follow the first.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use domain::ListStart;

use super::place::Place;

/// Searches remembered, each of a few kilobytes.
const MOST_REMEMBERED: usize = 256;

/// The fingerprint of a listing, when its first page was read, and its results in order.
type Remembered = (u64, ListStart, Arc<Vec<Place>>);

/// The last searches that have more than one page.
#[derive(Debug, Default)]
pub(crate) struct Searches(Mutex<VecDeque<Remembered>>);

impl Searches {
    pub fn get(&self, listing: u64, start: ListStart) -> Option<Arc<Vec<Place>>> {
        let remembered = self.0.lock().ok()?;
        remembered
            .iter()
            .find(|(known, when, _)| (*known, *when) == (listing, start))
            .map(|(.., found)| found.clone())
    }

    pub fn put(&self, listing: u64, start: ListStart, found: Vec<Place>) {
        if let Ok(mut remembered) = self.0.lock() {
            remembered.retain(|(known, when, _)| (*known, *when) != (listing, start));
            remembered.push_back((listing, start, Arc::new(found)));
            while remembered.len() > MOST_REMEMBERED {
                remembered.pop_front();
            }
        }
    }
}
