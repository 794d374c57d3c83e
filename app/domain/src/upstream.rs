//! The sources that Broadsheet asks over the network, their announcements, and their condition.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// A source that is asked over the network. Each one can fail independently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Upstream {
    /// arXiv's OAI-PMH: every record that changed.
    ArxivOai,
    /// arXiv's daily feed: what was announced, and as what.
    ArxivRss,
    /// arXiv's query API: single papers.
    ArxivApi,
    /// Hugging Face daily papers: upvotes, code.
    HuggingFace,
    /// GitHub: stars.
    GitHub,
}

impl Upstream {
    /// All of them, the most important for readers first.
    pub const ALL: [Self; 5] = [
        Self::ArxivRss,
        Self::ArxivOai,
        Self::ArxivApi,
        Self::HuggingFace,
        Self::GitHub,
    ];

    /// Its text in tables, metrics and logs.
    pub fn code(self) -> &'static str {
        match self {
            Self::ArxivOai => "arxiv-oai",
            Self::ArxivRss => "arxiv-rss",
            Self::ArxivApi => "arxiv-api",
            Self::HuggingFace => "huggingface",
            Self::GitHub => "github",
        }
    }

    /// Its text for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::ArxivOai => "arXiv, every change (OAI-PMH)",
            Self::ArxivRss => "arXiv, daily announcements (RSS)",
            Self::ArxivApi => "arXiv, single papers (API)",
            Self::HuggingFace => "Hugging Face daily papers",
            Self::GitHub => "GitHub stars",
        }
    }

    /// Its text inside a sentence.
    pub fn short_label(self) -> &'static str {
        match self {
            Self::ArxivOai => "arXiv’s OAI-PMH service",
            Self::ArxivRss => "arXiv’s daily feed",
            Self::ArxivApi => "arXiv’s query API",
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
    /// A new version, in the listing of a secondary category.
    ReplaceCross,
}

codes!(AnnounceKind {
    New = "new", "new";
    Cross = "cross", "cross-listed";
    Replace = "replace", "replaced";
    ReplaceCross = "replace-cross", "replaced";
});

/// An announcement of a paper by arXiv on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// The date of the announcement, US Eastern.
    pub day: Date,
    /// As what it was announced.
    pub kind: AnnounceKind,
    /// The announced version, if known.
    pub version: Option<u32>,
}

/// The condition of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Following sources is disabled.
    Off,
    /// No request was sent yet.
    Untried,
    /// Asked only when a reader requests a paper.
    OnDemand,
    /// It works.
    Well,
    /// Its next batch is overdue.
    Late,
    /// It sent an old batch with a new date.
    Repeating,
    /// Requests to it fail.
    Failing,
}

impl Condition {
    /// Its text for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Off => "disabled",
            Self::Untried => "not contacted yet",
            Self::OnDemand => "on demand",
            Self::Well => "working",
            Self::Late => "late",
            Self::Repeating => "sent a repeated batch",
            Self::Failing => "failing",
        }
    }

    /// Whether the front page should tell its readers.
    pub fn is_problem(self) -> bool {
        matches!(self, Self::Late | Self::Repeating | Self::Failing)
    }
}

/// What is known about a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHealth {
    /// The source.
    pub upstream: Upstream,
    /// Its condition.
    pub condition: Condition,
    /// When it last answered correctly.
    pub last_answer: Option<Timestamp>,
    /// The last batch that was not empty: its day, when it arrived, and how many records it had.
    pub last_batch: Option<(Option<Date>, Timestamp, u64)>,
    /// When the next batch is expected; `None` if the source has no schedule.
    pub next_expected: Option<Timestamp>,
    /// When the next request will be sent, while it is failing.
    pub retry_at: Option<Timestamp>,
    /// The last error, and when it happened.
    pub last_error: Option<(String, Timestamp)>,
    /// The date of the repeated batch, if the last one was repeated.
    pub repeated_day: Option<Date>,
}
