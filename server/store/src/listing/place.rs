//! A place in a listing.

use std::cmp::Ordering;

use domain::Cursor;

/// A paper in a listing with the values that order it. The next page begins after the place of the last card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    /// Heat, upvotes, stars or search score; 0 in the tail.
    pub key: f64,
    /// Unix seconds.
    pub announced: i64,
    /// Row id of the paper.
    pub id: i64,
}

impl Place {
    /// Where the page before ended.
    pub fn of(cursor: &Cursor) -> Self {
        Self {
            key: cursor.key,
            announced: cursor.announced,
            id: cursor.id,
        }
    }

    /// Whether this place is among the papers that have the key.
    pub fn is_in_head(&self) -> bool {
        self.key > 0.0
    }

    /// Whether this place comes after another.
    pub fn is_after(&self, other: &Self) -> bool {
        self.order(other) == Ordering::Greater
    }

    /// Larger key first, then the later announcement, then the larger row id.
    pub fn order(&self, other: &Self) -> Ordering {
        other
            .key
            .total_cmp(&self.key)
            .then(other.announced.cmp(&self.announced))
            .then(other.id.cmp(&self.id))
    }
}
