//! Papers and rejects on their way from the file to the database.

use std::{io::BufRead, ops::ControlFlow};

use domain::Paper;
use tokio::sync::mpsc;

use super::{
    error::Reject,
    kinds::{Moments, read_record},
    records::Records,
};

/// Maximum records per transaction. With this number another writer waits for only a fraction of a second.
const BATCH: usize = 500;
/// Bytes of JSON after which a transaction ends early.
const BATCH_BYTES: usize = 4 << 20;

/// The contents of one transaction.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub papers: Vec<Paper>,
    pub rejects: Vec<Reject>,
    bytes: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.papers.len() >= BATCH || self.rejects.len() >= BATCH || self.bytes >= BATCH_BYTES
    }
}

/// Collects batches and sends them to the task that stores them. Stops when that task has ended, which means that the
/// database has failed.
pub(super) struct BatchSender {
    batch: Batch,
    sender: mpsc::Sender<Batch>,
    moments: Moments,
}

impl BatchSender {
    pub(super) fn new(sender: mpsc::Sender<Batch>, moments: Moments) -> Self {
        Self {
            batch: Batch::default(),
            sender,
            moments,
        }
    }

    /// Reads all records of a file. `member` is its name inside an archive.
    pub(super) fn read(&mut self, member: Option<&str>, reader: impl BufRead) -> ControlFlow<()> {
        let of_member = |reject: Reject| Reject {
            member: member.map(str::to_owned),
            ..reject
        };
        for record in Records::new(reader) {
            match record {
                Ok(record) => {
                    self.batch.bytes += record.bytes.len();
                    match read_record(&record.bytes, self.moments) {
                        Ok(paper) => self.batch.papers.push(paper),
                        Err(reason) => {
                            let reject = Reject::new(record.line, &reason);
                            self.batch.rejects.push(of_member(reject));
                        }
                    }
                }
                Err(reject) => self.batch.rejects.push(of_member(reject)),
            }
            self.send_full()?;
        }
        ControlFlow::Continue(())
    }

    /// Adds files that were not imported.
    pub(super) fn reject(&mut self, rejects: impl Iterator<Item = Reject>) {
        self.batch.rejects.extend(rejects);
    }

    fn send_full(&mut self) -> ControlFlow<()> {
        if self.batch.is_full()
            && self
                .sender
                .blocking_send(std::mem::take(&mut self.batch))
                .is_err()
        {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Sends the last batch.
    pub(super) fn finish(self) {
        let _ = self.sender.blocking_send(self.batch);
    }
}
