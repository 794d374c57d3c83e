//! What a page needs besides its own content.

use std::sync::Arc;

use domain::{Density, ReadMarking, paper::Published};
use jiff::civil::Date;

use super::{assets::Assets, theme::Theme};

/// The server, the visitor and the day, as the frame of a page shows them.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The built front end; `None` in tests that need only the HTML.
    pub assets: Option<Arc<Assets>>,
    /// The versions of the style sheets whose files this browser has.
    pub cached_sheets: Vec<String>,
    /// The nonce in the content security policy of this response.
    pub nonce: String,
    /// The public base URL, for absolute links.
    pub public_url: String,
    /// The theme that the reader chose.
    pub theme: Option<Theme>,
    /// How much of each paper lists show.
    pub density: Density,
    /// What marks papers as read.
    pub marking: ReadMarking,
    /// The path of the page. Links to it are marked as current.
    pub path: String,
    /// Today in UTC.
    pub today: Date,
    /// How many papers were announced on the last day that has any, and that day; the month where only that is known.
    pub edition: Option<(u64, Published)>,
    /// How many bookmarks the reader has.
    pub bookmarks: u64,
    /// Whether to show the banner that asks for an email address.
    pub banner: bool,
}
