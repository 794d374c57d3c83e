//! A saved search as its owner sees it.

use crate::ListingQuery;

/// A saved search: a section of a digest, or an entry under `/searches`.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedSearch {
    /// Row id in `views`.
    pub view_id: i64,
    /// The name of its issues in URLs.
    pub slug: String,
    /// Its listing.
    pub view: ListingQuery,
    /// The name that its owner gave it.
    pub name: Option<String>,
    /// Whether its owner still has to confirm it by email.
    pub is_pending: bool,
}

impl SavedSearch {
    /// The front page, for a subscriber who has not chosen a search.
    pub fn front() -> Self {
        Self {
            view_id: 0,
            slug: String::new(),
            view: ListingQuery::front(),
            name: None,
            is_pending: false,
        }
    }

    /// Its heading: the name that its owner gave it, or the label of its listing.
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.view.label())
    }
}
