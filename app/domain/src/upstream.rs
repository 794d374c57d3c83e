//! The sources Broadsheet follows, and how they are doing.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// A source, as an address that is asked and can fail by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Upstream {
    /// arXiv's OAI-PMH: every record that changed.
    ArxivOai,
    /// arXiv's daily feed: what was announced, and how.
    ArxivRss,
    /// arXiv's query API: single papers.
    ArxivApi,
    /// Hugging Face daily papers: upvotes, code.
    HuggingFace,
    /// GitHub: stars.
    GitHub,
}

impl Upstream {
    /// All of them, in the order a reader cares about.
    pub const ALL: [Self; 5] = [
        Self::ArxivRss,
        Self::ArxivOai,
        Self::ArxivApi,
        Self::HuggingFace,
        Self::GitHub,
    ];

    /// The name in tables, metrics and logs.
    pub fn code(self) -> &'static str {
        match self {
            Self::ArxivOai => "arxiv-oai",
            Self::ArxivRss => "arxiv-rss",
            Self::ArxivApi => "arxiv-api",
            Self::HuggingFace => "huggingface",
            Self::GitHub => "github",
        }
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::ArxivOai => "arXiv, every change (OAI-PMH)",
            Self::ArxivRss => "arXiv, the daily announcement (RSS)",
            Self::ArxivApi => "arXiv, single papers",
            Self::HuggingFace => "Hugging Face daily papers",
            Self::GitHub => "GitHub stars",
        }
    }

    /// The name in the middle of a sentence.
    pub fn short_label(self) -> &'static str {
        match self {
            Self::ArxivOai => "arXiv’s harvest",
            Self::ArxivRss => "arXiv’s daily feed",
            Self::ArxivApi => "arXiv’s query service",
            Self::HuggingFace => "Hugging Face",
            Self::GitHub => "GitHub",
        }
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// How a paper was announced, strongest first (arXiv's `announce_type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnounceKind {
    /// A new paper.
    New,
    /// Listed in one more category.
    Cross,
    /// A new version.
    Replace,
    /// A new version, seen from a category that is not its first.
    ReplaceCross,
}

impl AnnounceKind {
    /// arXiv's word.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Cross => "cross",
            Self::Replace => "replace",
            Self::ReplaceCross => "replace-cross",
        }
    }

    /// In words: "cross-listed".
    pub fn label(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Cross => "cross-listed",
            Self::Replace | Self::ReplaceCross => "replaced",
        }
    }
}

/// Why a text is no way to announce a paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no way to announce a paper")]
pub struct UnknownKind(String);

impl FromStr for AnnounceKind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::New, Self::Cross, Self::Replace, Self::ReplaceCross]
            .into_iter()
            .find(|kind| kind.code() == text)
            .ok_or_else(|| UnknownKind(text.chars().take(40).collect()))
    }
}

/// What arXiv said of a paper on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// The date of the listing, US Eastern.
    pub day: Date,
    /// How.
    pub kind: AnnounceKind,
    /// The version announced.
    pub version: Option<u32>,
}

/// How a source is doing, with what a reader should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Following is switched off.
    Off,
    /// Not asked yet.
    Untried,
    /// ParsedListing only when a reader wants something of it.
    OnDemand,
    /// All is well.
    Well,
    /// It should have had something by now.
    Late,
    /// It repeated an old batch under a new date.
    Repeating,
    /// It does not answer as it should.
    Failing,
}

impl Condition {
    /// In a word or two.
    pub fn label(self) -> &'static str {
        match self {
            Self::Off => "switched off",
            Self::Untried => "not asked yet",
            Self::OnDemand => "asked when needed",
            Self::Well => "well",
            Self::Late => "late",
            Self::Repeating => "repeating itself",
            Self::Failing => "failing",
        }
    }

    /// Whether a reader of the front page should be told.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Late | Self::Repeating | Self::Failing)
    }
}

/// What is known of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHealth {
    /// Which.
    pub upstream: Upstream,
    /// How it is doing.
    pub condition: Condition,
    /// When it last answered as it should.
    pub last_answer: Option<Timestamp>,
    /// The last batch that held anything: the day it was for, when it came, what it held.
    pub last_batch: Option<(Option<Date>, Timestamp, u64)>,
    /// When the next batch is expected; `None` where nothing regular is.
    pub next_expected: Option<Timestamp>,
    /// When it will be asked again, while it is failing.
    pub asked_again: Option<Timestamp>,
    /// What went wrong last, and when.
    pub last_error: Option<(String, Timestamp)>,
    /// The day under which an old batch was repeated.
    pub repeated_day: Option<Date>,
}
