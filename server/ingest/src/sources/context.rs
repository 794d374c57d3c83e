//! What an adapter works with during one pass.

use std::sync::Arc;

use domain::{ArxivId, Paper};
use jobs::Run;
use store::{Checkpoint, Clock, SetAside, SourceBatch, Store, StoreError};

use super::SourceSettings;
use crate::fetch::Fetcher;

/// Records stored in one transaction.
const BATCH: usize = 500;

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
pub struct SourceContext {
    /// Sends requests.
    pub fetcher: Fetcher,
    /// The library.
    pub store: Store,
    /// Time.
    pub clock: Clock,
    /// Addresses, and what to take.
    pub settings: Arc<SourceSettings>,
    /// The run this pass belongs to.
    pub run: Run,
    listener: Listener,
}

impl SourceContext {
    /// The context of one run. Its requests are counted by the run.
    pub fn new(
        fetcher: &Fetcher,
        store: &Store,
        clock: &Clock,
        settings: &Arc<SourceSettings>,
        run: Run,
        listener: Listener,
    ) -> Self {
        Self {
            fetcher: fetcher.counting(run.requests()),
            store: store.clone(),
            clock: clock.clone(),
            settings: settings.clone(),
            run,
            listener,
        }
    }

    /// Says how it goes on.
    pub fn say(&self, words: &str) {
        (self.listener)(words);
    }

    /// Tells the library what was harvested. The checkpoint is written in the transaction of the last records.
    pub async fn save_papers(
        &self,
        harvest: Harvest,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<(), StoreError> {
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
                .save_batch(
                    &SourceBatch {
                        papers,
                        removed: if ends { &harvest.removed } else { &[] },
                        set_aside: if ends { &harvest.set_aside } else { &[] },
                        checkpoint: checkpoint.filter(|_| ends),
                        run: self.run.id,
                    },
                    now,
                )
                .await?;
            self.run.count(told);
            if ends {
                self.run.count_rejected(harvest.set_aside.len() as u64);
            }
        }
        Ok(())
    }
}
