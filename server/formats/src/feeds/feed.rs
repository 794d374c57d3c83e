//! A feed, whatever its format.

use jiff::Timestamp;

use super::{format::Format, item::Item};
use crate::etag::etag;

/// One page of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// The title that a feed reader shows.
    pub title: String,
    /// URL of the page with the same listing.
    pub page: String,
    /// URL of this page of the feed.
    pub address: String,
    /// URL of the first page of the feed.
    pub first: String,
    /// URL of the next page of the feed, if there is one.
    pub next: Option<String>,
    /// Newest first, or in the order of the listing.
    pub items: Vec<Item>,
}

impl Feed {
    /// When an item last changed. 1970 for a feed without items.
    pub fn updated(&self) -> Timestamp {
        self.items
            .iter()
            .map(|item| item.updated)
            .max()
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The validator of this page of the feed (RFC 9110, 8.8.3), with its quotation marks. It ignores the address of the
    /// next page, because that address holds the time of the request. A stored address of the next page stays valid.
    pub fn etag(&self, format: Format) -> String {
        let next = self.next.as_ref().map(|_| String::new());
        etag(Self { next, ..self.clone() }.write(format))
    }
}
