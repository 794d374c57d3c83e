//! What an adapter works with during one pass.

use std::sync::Arc;

use domain::{ArxivId, Paper};
use jobs::Run;
use store::{Checkpoint, Clock, SetAside, SourceBatch, Store, StoreError};

use super::settings::SourceSettings;
use crate::{
    fetch::Fetcher,
    plain_texts::{aside, with_plain_texts},
};

/// Most papers that are stored in one transaction.
const BATCH: usize = 500;

/// The records of one response.
#[derive(Debug, Default)]
pub struct SourceRecords {
    /// Papers to store.
    pub papers: Vec<Paper>,
    /// Papers that arXiv has deleted.
    pub removed: Vec<ArxivId>,
    /// Records that could not be read.
    pub set_aside: Vec<SetAside>,
}

/// Receives messages about the progress of a pass.
pub type Listener = Arc<dyn Fn(&str) + Send + Sync>;

/// What an adapter works with during one pass.
#[derive(Clone)]
pub struct SourceContext {
    /// Sends requests.
    pub fetcher: Fetcher,
    /// The library.
    pub store: Store,
    /// The current time.
    pub clock: Clock,
    /// The URLs of the sources, and what to request.
    pub settings: Arc<SourceSettings>,
    run: Run,
    listener: Listener,
}

impl SourceContext {
    /// The context of one run, which counts the requests.
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

    /// Reports progress to the listener.
    pub fn report(&self, message: &str) {
        (self.listener)(message);
    }

    /// Stores the records of a response, and counts them. The checkpoint is written in the same transaction as the last
    /// records, so that an interrupted pass continues exactly after them.
    pub async fn save(
        &self,
        records: SourceRecords,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<(), StoreError> {
        let papers = records.papers;
        let papers: Vec<Paper> = aside(move || papers.into_iter().map(with_plain_texts).collect()).await?;
        let mut batches: Vec<&[Paper]> = papers.chunks(BATCH).collect();
        // The last batch also carries what is not a paper, so there is always one.
        let last = batches.pop().unwrap_or_default();
        for papers in batches {
            self.save_batch(SourceBatch {
                papers,
                removed: &[],
                set_aside: &[],
                checkpoint: None,
                run: self.run.id,
            })
            .await?;
        }
        self.save_batch(SourceBatch {
            papers: last,
            removed: &records.removed,
            set_aside: &records.set_aside,
            checkpoint,
            run: self.run.id,
        })
        .await
    }

    async fn save_batch(&self, batch: SourceBatch<'_>) -> Result<(), StoreError> {
        let outcomes = self.store.save_batch(&batch, self.clock.now()).await?;
        self.run.count(outcomes);
        self.run.count_rejected(batch.set_aside.len() as u64);
        Ok(())
    }
}
