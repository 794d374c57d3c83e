//! A paper as a source describes it.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{key::PaperKey, plain_text::PlainText, published::Published, signal::CounterReading};
use crate::{ArxivId, Category, name::Name, upstream::Announcement};

/// Maximum length of a title, in bytes. arXiv allows far less.
const MOST_TITLE: usize = 2_000;
/// Maximum length of an abstract, in bytes. arXiv allows 1,920 characters; the longest known abstracts have a few
/// thousand.
const MOST_ABSTRACT: usize = 30_000;
/// The largest collaborations have three to five thousand authors.
const MOST_AUTHORS: usize = 10_000;
/// Maximum length of one name, in bytes.
const MOST_NAME: usize = 500;
/// Maximum length of any other text, in bytes.
const MOST_NOTE: usize = 10_000;

/// Where the title and the abstract of a paper come from. A later value of this list overrides an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The built-in sample; some of its abstracts are shortened.
    #[default]
    Sample,
    /// Hugging Face daily papers.
    HuggingFace,
    /// arXiv itself.
    Arxiv,
}

impl Source {
    /// Its number in tables; a greater one overrides a smaller one.
    pub fn rank(self) -> i64 {
        match self {
            Self::Sample => 0,
            Self::HuggingFace => 1,
            Self::Arxiv => 2,
        }
    }

    /// The source with this number; `None` if there is none.
    pub fn from_rank(rank: i64) -> Option<Self> {
        match rank {
            0 => Some(Self::Sample),
            1 => Some(Self::HuggingFace),
            2 => Some(Self::Arxiv),
            _ => None,
        }
    }
}

/// A paper as a source describes it. A field that is `None` or empty was not given; merging it erases nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct Paper {
    /// Where this description comes from.
    pub source: Source,
    /// The identifier on arXiv, if known.
    pub arxiv_id: Option<ArxivId>,
    /// The version that is described, if known.
    pub version: Option<u32>,
    /// One line; may hold TeX.
    pub title: String,
    /// One paragraph; may hold TeX. Empty if not known.
    #[serde(rename = "abstract")]
    pub abstract_text: String,
    /// In the order given on the paper. Empty if not known.
    pub authors: Vec<Name>,
    /// When the first version was published.
    pub published: Option<Published>,
    /// When the paper or its metadata last changed.
    pub updated: Option<Published>,
    /// arXiv's primary category.
    pub primary_category: Option<Category>,
    /// All categories, the primary one first if known. Empty if not known.
    pub categories: Vec<Category>,
    /// The authors' comments on arXiv.
    pub comments: Option<String>,
    /// DOI of the published version.
    pub doi: Option<String>,
    /// The journal or proceedings, as free text.
    pub journal_ref: Option<String>,
    /// URL of the licence.
    pub license: Option<String>,
    /// Code repository.
    pub code_url: Option<String>,
    /// Project page.
    pub project_page: Option<String>,
    /// When it was submitted to Hugging Face Daily; its upvotes are counted from then on.
    pub hf_submitted_at: Option<Timestamp>,
    /// Number of comments on Hugging Face.
    pub num_comments: Option<u32>,
    /// Upvotes on Hugging Face.
    pub upvotes: Option<CounterReading>,
    /// Stars of the code repository.
    pub stars: Option<CounterReading>,
    /// The day on which arXiv announced it as new: the date of that announcement, US Eastern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced_on: Option<Date>,
    /// Whether that day comes from arXiv's daily feed. Otherwise it was inferred from a harvest.
    #[serde(skip_serializing_if = "is_false")]
    pub announced_firm: bool,
    /// The announcement in the daily feed that this description comes from. One is stored per day.
    #[serde(skip)]
    pub announcement: Option<Announcement>,
    /// The plain form of the title.
    #[serde(skip)]
    pub plain_title: PlainText,
    /// The plain form of the abstract.
    #[serde(skip)]
    pub plain_abstract: PlainText,
    /// Whether arXiv itself sent this just now; false for a file.
    #[serde(skip)]
    pub live: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Paper {
    /// Its public name.
    pub fn key(&self) -> PaperKey {
        match &self.arxiv_id {
            Some(id) => PaperKey::Arxiv(id.clone()),
            None => PaperKey::of_title(&self.title),
        }
    }

    /// Checks that the paper can be stored; the error says why not.
    pub fn check(&self) -> Result<(), String> {
        if self.title.is_empty() {
            return Err("no title".to_owned());
        }
        if self.title.len() > MOST_TITLE {
            return Err(format!("the title is longer than {MOST_TITLE} bytes"));
        }
        if !self.title.contains(char::is_alphanumeric) {
            return Err("the title has neither letters nor digits".to_owned());
        }
        if self.abstract_text.len() > MOST_ABSTRACT {
            return Err(format!("the abstract is longer than {MOST_ABSTRACT} bytes"));
        }
        if self.authors.len() > MOST_AUTHORS
            || self.authors.iter().any(|name| name.as_str().len() > MOST_NAME)
        {
            return Err(format!(
                "more than {MOST_AUTHORS} authors, or a name longer than {MOST_NAME} bytes"
            ));
        }
        let notes = [
            &self.comments,
            &self.doi,
            &self.journal_ref,
            &self.license,
            &self.project_page,
        ];
        if notes.into_iter().flatten().any(|note| note.len() > MOST_NOTE) {
            return Err(format!(
                "comments, DOI, journal, licence or project page longer than {MOST_NOTE} bytes"
            ));
        }
        Ok(())
    }
}

/// Whether this URL may become a link: http or https, no white space, at most 2,000 bytes.
pub fn is_web_url(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && !url.contains(char::is_whitespace)
        && url.len() <= 2_000
}
