//! Runs an import.

use std::io::BufRead;

use domain::Paper;
use jiff::Timestamp;
use store::{Store, Summary};
use tokio::sync::mpsc;

use super::{
    error::{ImportError, Reject},
    input::Input,
    kinds::read_record,
    progress::Progress,
    records::Records,
};

/// Most records of one transaction. With this number another writer waits for only a fraction of a second.
const BATCH: usize = 500;
/// Bytes of JSON after which a transaction ends early.
const BATCH_BYTES: usize = 4 << 20;

#[derive(Debug, Default)]
struct Batch {
    papers: Vec<Paper>,
    rejects: Vec<Reject>,
    bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.papers.len() >= BATCH || self.rejects.len() >= BATCH || self.bytes >= BATCH_BYTES
    }
}

/// Imports one input. `on_batch` gets the summary so far after each batch, `on_reject` each rejected record.
///
/// Importing the same records again changes nothing, so an import that was interrupted is simply repeated.
pub async fn import(
    store: &Store,
    input: &Input,
    now: Timestamp,
    progress: &Progress,
    mut on_batch: impl FnMut(&Summary),
    mut on_reject: impl FnMut(Reject),
) -> Result<Summary, ImportError> {
    let (reader, as_of) = input.open(now, progress)?;
    // One batch is stored while the next one is read. The small channel bounds the memory.
    let (sender, mut receiver) = mpsc::channel::<Batch>(2);
    let parsing = tokio::task::spawn_blocking(move || parse(reader, as_of, &sender));
    let mut summary = Summary::default();
    while let Some(batch) = receiver.recv().await {
        for reject in batch.rejects {
            summary.rejected += 1;
            on_reject(reject);
        }
        if !batch.papers.is_empty() {
            for outcome in store.save_papers(&batch.papers, now).await? {
                summary.add(outcome);
            }
        }
        on_batch(&summary);
    }
    if let Err(panic) = parsing.await {
        std::panic::resume_unwind(panic.into_panic());
    }
    Ok(summary)
}

fn parse(reader: impl BufRead, as_of: Timestamp, sender: &mpsc::Sender<Batch>) {
    let mut batch = Batch::default();
    for record in Records::new(reader) {
        match record {
            Ok(record) => {
                batch.bytes += record.bytes.len();
                match read_record(&record.bytes, as_of) {
                    Ok(paper) => batch.papers.push(paper),
                    Err(reason) => batch.rejects.push(Reject {
                        line: record.line,
                        reason,
                    }),
                }
            }
            Err(reject) => batch.rejects.push(reject),
        }
        // Sending fails when the database has failed and the import has ended.
        if batch.is_full() && sender.blocking_send(std::mem::take(&mut batch)).is_err() {
            return;
        }
    }
    let _ = sender.blocking_send(batch);
}
