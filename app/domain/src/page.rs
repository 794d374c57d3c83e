//! What pages show: one page of a listing, or everything about one paper.

use jiff::Timestamp;

use crate::{
    Category, Cursor,
    paper::{PaperCard, Published, Source},
    upstream::Announcement,
};

/// The newest rows of the library. Comparing them later shows whether there is anything new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Newest {
    /// Row id of the paper that was added last.
    pub paper_id: i64,
    /// Number of the last rank run.
    pub epoch: i64,
    /// Row id of the last move of a paper in a listing.
    pub moves: i64,
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The papers, in order.
    pub cards: Vec<PaperCard>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<Cursor>,
    /// How many papers come before this page.
    pub seen: u32,
    /// How many papers the listing has; the count is at most a minute old. A narrowed listing is counted up to one more
    /// than [`COUNTED_TO`](crate::listing::COUNTED_TO). [`Listing::count_label`](crate::Listing::count_label) is its text.
    pub total: u64,
    /// The moment for which heat was computed, if the order is heat.
    pub ranked_for: Option<Timestamp>,
    /// Notices for the reader.
    pub notices: Vec<String>,
    /// The newest rows when this page was made.
    pub newest: Newest,
}

/// Everything that the page of one paper shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperPage {
    /// Its card, with all authors.
    pub card: PaperCard,
    /// All categories.
    pub categories: Vec<Category>,
    /// When the paper or its metadata last changed.
    pub updated: Option<Published>,
    /// Latest version known.
    pub version: Option<u32>,
    /// The authors' comments.
    pub comments: Option<String>,
    /// DOI of the published version.
    pub doi: Option<String>,
    /// The journal or proceedings, as free text.
    pub journal_ref: Option<String>,
    /// Licence URL.
    pub license: Option<String>,
    /// Project page.
    pub project_page: Option<String>,
    /// When it was submitted to Hugging Face Daily.
    pub hf_submitted_at: Option<Timestamp>,
    /// Where title and abstract come from.
    pub source: Source,
    /// arXiv's announcements of it, the latest last.
    pub announcements: Vec<Announcement>,
    /// The new URL of its code repository, if it has moved.
    pub moved_to: Option<String>,
    /// Whether arXiv has deleted its record.
    pub removed: bool,
}
