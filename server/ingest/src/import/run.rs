//! Runs an import.

use jiff::Timestamp;
use store::{Store, Summary};
use tokio::sync::mpsc;

use super::{
    batch::{Batch, BatchSender},
    error::{ImportError, Reject},
    kinds::Moments,
    progress::Progress,
    source::{Contents, Input, Opened},
};

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
    // One batch is stored while the next one is read. The small channel bounds the memory.
    let (sender, mut receiver) = mpsc::channel::<Batch>(2);
    let (input, progress) = (input.clone(), progress.clone());
    let reading = tokio::task::spawn_blocking(move || read(&input, now, &progress, sender));
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
    match reading.await {
        Ok(outcome) => outcome.map(|()| summary),
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}

/// Reads an input and sends its records.
fn read(
    input: &Input,
    now: Timestamp,
    progress: &Progress,
    sender: mpsc::Sender<Batch>,
) -> Result<(), ImportError> {
    let Opened { contents, as_of } = input.open(now, progress)?;
    let mut batches = BatchSender::new(sender, Moments { as_of, now });
    match contents {
        Contents::Text(reader) => {
            let _ = batches.read(None, reader);
        }
        Contents::Archive(mut archive) => {
            let visited = archive.visit(|member, reader| batches.read(Some(member), reader));
            if let Some(reason) = visited.failure() {
                return Err(ImportError::Unreadable {
                    name: input.name(),
                    reason,
                });
            }
            batches.reject(visited.rejects());
        }
    }
    batches.finish();
    Ok(())
}
