//! What a digest holds.

use domain::{SavedSearch, paper::PaperCard};
use jiff::civil::Date;
use store::EmailPaper;

/// What a digest holds.
pub(crate) struct DigestContent<'a> {
    /// The day of the digest, such as `2026-11-24`.
    pub day: &'a str,
    /// The cards of the papers, in any order. Deleted papers have none.
    pub cards: &'a [PaperCard],
    /// The papers in order.
    pub papers: &'a [EmailPaper],
    /// The searches of the subscriber.
    pub searches: &'a [SavedSearch],
    /// The last day for which a source sent anything, if that was days before the digest.
    pub last_news: Option<Date>,
    /// Opens the preferences.
    pub preferences_url: &'a str,
}
