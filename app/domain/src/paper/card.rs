//! A paper as one card of a listing.

use jiff::civil::Date;

use super::{code::CodeLink, key::PaperKey, plain_text::PlainText, published::Published, signal::History};
use crate::{
    Category,
    name::{Name, joined},
    ranking::HeatReport,
    upstream::Announcement,
};

/// What the card of a paper shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperCard {
    /// Row id.
    pub id: i64,
    /// Its public name.
    pub key: PaperKey,
    /// One line; may hold TeX.
    pub title: String,
    /// One paragraph; may hold TeX. Empty if not known.
    pub abstract_text: String,
    /// The plain form of the title.
    pub plain_title: PlainText,
    /// The plain form of the abstract.
    pub plain_abstract: PlainText,
    /// The first authors; on the page of the paper all of them.
    pub authors: Vec<Name>,
    /// How many authors there are.
    pub author_count: usize,
    /// When it was first published, from the best source available: the date from its source, the day on which arXiv
    /// announced it, the month in its arXiv identifier, or the day it entered Hugging Face Daily.
    pub published: Option<Published>,
    /// The day on which arXiv announced it, if known.
    pub announced_on: Option<Date>,
    /// When the paper or its metadata last changed, if they did.
    pub updated: Option<Published>,
    /// When Broadsheet first stored it, in Unix seconds.
    pub added: i64,
    /// When it was announced, in Unix seconds; listings by date are ordered by this.
    pub announced: i64,
    /// arXiv's primary category.
    pub primary_category: Option<Category>,
    /// All categories.
    pub categories: Vec<Category>,
    /// Upvotes on Hugging Face; `None` if it was never listed there.
    pub upvotes: Option<u32>,
    /// Stars of its code repository; `None` if not known.
    pub stars: Option<u32>,
    /// Code repository.
    pub code: Option<CodeLink>,
    /// arXiv's latest announcement of it.
    pub announcement: Option<Announcement>,
    /// Daily totals, oldest first, of each signal that has at least two.
    pub history: Vec<History>,
    /// Its heat in the window of the listing, with its terms; `None` if it is quiet.
    pub heat: Option<HeatReport>,
    /// Whether the current reader has bookmarked it.
    pub bookmarked: bool,
    /// Whether the current reader has marked it as read.
    pub read: bool,
}

impl PaperCard {
    /// The authors on the card, and how many more there are; empty if none are known.
    pub fn byline(&self) -> String {
        let mut names = joined(&self.authors);
        if self.author_count > self.authors.len() {
            names.push_str(&format!(" and {} more", self.author_count - self.authors.len()));
        }
        names
    }
}
