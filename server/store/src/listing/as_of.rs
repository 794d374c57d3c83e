//! The library as it was when a reader opened the first page of a listing.

use std::collections::HashMap;

use domain::paper::Signal;

/// The values that order and filter a paper, as they were at an earlier moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EarlierState {
    /// Unix seconds.
    pub announced: i64,
    /// Total; 0 when unknown.
    pub upvotes: i64,
    /// Total; 0 when unknown.
    pub stars: i64,
    /// Whether it had a code repository.
    pub has_code: bool,
    /// Separated by spaces.
    pub categories: String,
}

impl EarlierState {
    /// The total of a signal.
    pub fn total(&self, signal: Signal) -> i64 {
        match signal {
            Signal::Upvotes => self.upvotes,
            Signal::Stars => self.stars,
        }
    }
}

/// The difference between an earlier moment and now.
#[derive(Debug, Clone, Default)]
pub(crate) struct AsOf {
    /// Papers with a larger row id have been added since.
    pub newest: i64,
    /// The papers that have moved since, by row id.
    pub moved: HashMap<i64, EarlierState>,
}
