//! The sources: one folder each, of what goes over the wire (`wire.rs`), and what it means to us (`mod.rs`), behind
//! one small trait. A new source is a folder, a line in [`crate::scheduler`], and a line in `domain::upstream`.

pub mod arxiv_api;
pub mod arxiv_oai;
pub mod arxiv_rss;
pub mod github;
pub mod hugging_face;
mod names;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use domain::{ArxivId, Category, Paper};
use jiff::civil::Date;

pub use names::{display_name, joined_names, oai_set};

use crate::{
    Clock,
    fetch::{Fetcher, Trouble},
    import::Summary,
    store::{Checkpoint, Store, StoreError, Telling},
};

/// Records told in one transaction.
const BATCH: usize = 500;

/// A key to a source. It shows in no log.
#[derive(Clone)]
pub struct SourceToken(String);

impl SourceToken {
    /// Keeps a key.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// For the one header it belongs in.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SourceToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SourceToken(…)")
    }
}

/// Where the sources live, and what we want of them.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// OAI-PMH base URL.
    pub arxiv_oai: String,
    /// The folder of the feeds.
    pub arxiv_rss: String,
    /// The query API.
    pub arxiv_api: String,
    /// The host of `/api/daily_papers`.
    pub hugging_face: String,
    /// The host of `/repos/…` and `/graphql`.
    pub github_api: String,
    /// Categories and archives to follow on arXiv.
    pub sets: Vec<Category>,
    /// Allows many more questions to GitHub.
    pub github_token: Option<SourceToken>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            arxiv_oai: "https://oaipmh.arxiv.org/oai".to_owned(),
            arxiv_rss: "https://rss.arxiv.org/rss".to_owned(),
            arxiv_api: "https://export.arxiv.org/api/query".to_owned(),
            hugging_face: "https://huggingface.co".to_owned(),
            github_api: "https://api.github.com".to_owned(),
            sets: ["cs", "stat.ML", "math.OC"]
                .iter()
                .filter_map(|name| name.parse().ok())
                .collect(),
            github_token: None,
        }
    }
}

/// What a pass did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Papers told, and records set aside.
    pub summary: Summary,
    /// Requests sent.
    pub requests: u64,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its identifier, or the beginning of it.
    pub record: String,
    /// Why, in words.
    pub reason: String,
}

/// Records read from one answer.
#[derive(Debug, Default)]
pub struct Harvest {
    /// Papers to tell.
    pub papers: Vec<Paper>,
    /// Papers that arXiv has deleted.
    pub removed: Vec<ArxivId>,
    /// Records that could not be read.
    pub set_aside: Vec<SetAside>,
}

/// Hears how a pass goes on, in words.
pub type Listener = Arc<dyn Fn(&str) + Send + Sync>;

/// What an adapter works with during one pass.
#[derive(Clone)]
pub struct Desk {
    /// Asks.
    pub fetcher: Fetcher,
    /// The library.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// Addresses and wishes.
    pub wishes: Arc<Wishes>,
    /// The row of this run.
    pub run: i64,
    tally: Arc<Mutex<Summary>>,
    asked: Arc<AtomicU64>,
    listener: Listener,
}

impl Desk {
    /// A desk for one run.
    pub fn new(
        fetcher: &Fetcher,
        store: &Store,
        clock: &Clock,
        wishes: &Arc<Wishes>,
        run: i64,
        listener: Listener,
    ) -> Self {
        let (fetcher, asked) = fetcher.counting();
        Self {
            fetcher,
            store: store.clone(),
            clock: clock.clone(),
            wishes: wishes.clone(),
            run,
            tally: Arc::default(),
            asked,
            listener,
        }
    }

    /// What was done so far.
    pub fn tally(&self) -> Tally {
        Tally {
            summary: self.tally.lock().map(|tally| *tally).unwrap_or_default(),
            requests: self.asked.load(Ordering::Relaxed),
        }
    }

    /// Says how it goes on.
    pub fn say(&self, words: &str) {
        (self.listener)(words);
    }

    /// Tells the library what was harvested. The checkpoint is written in the transaction of the last records.
    pub async fn tell(&self, harvest: Harvest, checkpoint: Option<&Checkpoint>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut batches: Vec<&[Paper]> = harvest.papers.chunks(BATCH).collect();
        if batches.is_empty() {
            batches.push(&[]);
        }
        let last = batches.len() - 1;
        for (index, papers) in batches.into_iter().enumerate() {
            let ends = index == last;
            let told = self
                .store
                .tell_of(
                    &Telling {
                        papers,
                        removed: if ends { &harvest.removed } else { &[] },
                        set_aside: if ends { &harvest.set_aside } else { &[] },
                        checkpoint: checkpoint.filter(|_| ends),
                        run: self.run,
                    },
                    now,
                )
                .await?;
            if let Ok(mut tally) = self.tally.lock() {
                for outcome in told {
                    tally.add(outcome);
                }
                if ends {
                    tally.rejected += harvest.set_aside.len() as u64;
                }
            }
        }
        Ok(())
    }
}

/// What a pass is sent out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Errand {
    /// Everything since this day, instead of what is new.
    pub from: Option<Date>,
}

/// A source, as the scheduler sees it.
pub trait Adapter {
    /// One pass: ask for what is new, tell the library. What was told before trouble stays told.
    fn pass(&self, desk: &Desk, errand: Errand) -> impl Future<Output = Result<(), Trouble>> + Send;
}
