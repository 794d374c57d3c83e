//! Facts about the library.

use domain::paper::Published;

/// Facts about the library, for the masthead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LibraryFacts {
    /// All papers that arXiv has not deleted.
    pub papers: u64,
    /// When the newest paper was published, as precisely as known.
    pub newest: Option<Published>,
    /// Papers announced in the 24 hours before the newest.
    pub in_last_day: u64,
}
