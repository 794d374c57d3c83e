//! The jobs that follow a source, and when they run. All times are US Eastern, arXiv's time.

use std::time::Duration;

use domain::Upstream;
use jiff::civil::{Date, Time};
use jobs::Schedule;

use crate::{
    fetch::FetchError,
    sources::{
        Adapter, SourceContext, arxiv_oai::ArxivOai, arxiv_rss::ArxivRss, github::GitHub,
        hugging_face::HuggingFace,
    },
};

const fn at(hour: i8, minute: i8) -> Time {
    Time::constant(hour, minute, 0, 0)
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// The daily feed appears at midnight US Eastern. It is requested until it has papers or is known to be empty.
const FEED: &[Time] = &[at(0, 10), at(0, 40), at(1, 40), at(3, 40), at(6, 40), at(12, 40)];
/// The harvest runs soon after the announcement of the evening, and again when the changes of the night are available.
const HARVEST: &[Time] = &[at(2, 30), at(10, 30), at(20, 45), at(22, 30)];

/// A job that follows a source. `BROADSHEET_SYNC=off` turns all of them off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceJob {
    /// Upvotes of the papers of today and yesterday.
    HuggingFace,
    /// Today's announcements of arXiv.
    ArxivRss,
    /// Everything that has changed on arXiv.
    ArxivOai,
    /// Upvotes of the papers of the two weeks before.
    HuggingFaceFortnight,
    /// Stars of code repositories.
    GitHub,
}

impl SourceJob {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::HuggingFace,
        Self::ArxivRss,
        Self::ArxivOai,
        Self::HuggingFaceFortnight,
        Self::GitHub,
    ];

    /// Its text in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::HuggingFace => "huggingface",
            Self::ArxivRss => "arxiv-rss",
            Self::ArxivOai => "arxiv-oai",
            Self::HuggingFaceFortnight => "huggingface-fortnight",
            Self::GitHub => "github",
        }
    }

    /// When it runs.
    pub fn schedule(self) -> Schedule {
        match self {
            Self::HuggingFace => Schedule::Every(minutes(30)),
            Self::ArxivRss => Schedule::At(FEED),
            Self::ArxivOai => Schedule::At(HARVEST),
            Self::HuggingFaceFortnight => Schedule::Every(minutes(6 * 60)),
            Self::GitHub => Schedule::Every(minutes(60)),
        }
    }

    /// The source it follows.
    pub fn upstream(self) -> Upstream {
        match self {
            Self::HuggingFace | Self::HuggingFaceFortnight => Upstream::HuggingFace,
            Self::ArxivRss => Upstream::ArxivRss,
            Self::ArxivOai => Upstream::ArxivOai,
            Self::GitHub => Upstream::GitHub,
        }
    }

    /// Its lane. There is one per host, because requests to one host are sent one after the other.
    pub(super) fn lane(self) -> &'static str {
        match self {
            Self::HuggingFace | Self::HuggingFaceFortnight => "huggingface",
            Self::ArxivRss | Self::ArxivOai => "arxiv",
            Self::GitHub => "github",
        }
    }

    /// One pass over its source, for what is new or for everything since `from`.
    pub(super) async fn pass(self, source: &SourceContext, from: Option<Date>) -> Result<(), FetchError> {
        match self {
            Self::HuggingFace => HuggingFace::Newest.pass(source, from).await,
            Self::HuggingFaceFortnight => HuggingFace::Fortnight.pass(source, from).await,
            Self::ArxivRss => ArxivRss.pass(source, from).await,
            Self::ArxivOai => ArxivOai.pass(source, from).await,
            Self::GitHub => GitHub.pass(source, from).await,
        }
    }
}
