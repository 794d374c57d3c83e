//! A saved search as its owner sees it.

use crate::ListingQuery;

/// A view somebody has: a section of a mail, or a line in a list of saved ones.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedSearch {
    /// Row id of the view.
    pub view_id: i64,
    /// The name of its issues on the web.
    pub slug: String,
    /// The list.
    pub view: ListingQuery,
    /// What its owner calls it.
    pub name: Option<String>,
    /// Waits for the button behind a confirmation mail.
    pub is_pending: bool,
}

impl SavedSearch {
    /// The front page, for whoever has chosen nothing yet.
    pub fn front() -> Self {
        Self {
            view_id: 0,
            slug: String::new(),
            view: ListingQuery::front(),
            name: None,
            is_pending: false,
        }
    }

    /// Its heading: its owner's name for it, or the list in words.
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.view.label())
    }
}
