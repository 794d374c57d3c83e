//! Writes a feed.

use super::feed::Feed;
use super::format::Format;
use super::text::for_xml;
use super::{atom, json, rss};

impl Feed {
    /// The feed as a document.
    pub fn write(&self, format: Format) -> String {
        // The title holds what a visitor typed into a search.
        let feed = &Self {
            title: for_xml(&self.title),
            ..self.clone()
        };
        match format {
            Format::Atom => atom::write(feed),
            Format::Rss => rss::write(feed),
            Format::Json => json::write(feed),
        }
    }
}
