//! What pages show: one page of a listing, and everything about one paper.

use jiff::Timestamp;

use crate::{
    Category, Cursor,
    paper::{PaperCard, Published, Source},
    upstream::Announcement,
};

/// What is newest: for telling a reader that there is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Newest {
    /// Row of the paper that came last.
    pub paper_id: i64,
    /// The last rank run.
    pub epoch: i64,
    /// The last change of a paper's place.
    pub moves: i64,
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The papers, in order.
    pub cards: Vec<PaperCard>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
    /// How many papers stand before this page.
    pub seen: u32,
    /// How many papers the listing has (at most a minute old); a narrowed one is counted up to
    /// [`domain::listing::COUNTED_TO`] and one more. [`Listing::count_words`] says it.
    pub total: u64,
    /// The moment heat was computed for, where the order is heat.
    pub ranked_for: Option<Timestamp>,
    /// What the reader should know, in words.
    pub notices: Vec<String>,
    /// What was newest when this page was made.
    pub newest: Newest,
}

/// Everything the page of one paper says.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperPage {
    /// What its card says, with all authors.
    pub card: PaperCard,
    /// All categories.
    pub categories: Vec<Category>,
    /// Last change.
    pub updated: Option<Published>,
    /// Latest version known.
    pub version: Option<u32>,
    /// The authors' remarks.
    pub comments: Option<String>,
    /// DOI of the published version.
    pub doi: Option<String>,
    /// Where it was published.
    pub journal_ref: Option<String>,
    /// Licence URL.
    pub license: Option<String>,
    /// Project page.
    pub project_page: Option<String>,
    /// When it entered Hugging Face Daily.
    pub hf_submitted_at: Option<Timestamp>,
    /// Who told title and abstract.
    pub source: Source,
    /// What arXiv announced of it, the latest last.
    pub announcements: Vec<Announcement>,
    /// Where its code is now, when it has moved.
    pub moved_to: Option<String>,
    /// arXiv has deleted the record.
    pub removed: bool,
}
