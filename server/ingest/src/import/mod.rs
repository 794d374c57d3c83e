//! `broadsheet import`: files of records into the library, as a stream. Memory does not grow with the file; each
//! batch is one transaction; a record that cannot be read is set aside with its reason and the rest goes on.

mod kinds;
mod records;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::Paper;
use jiff::Timestamp;
use tokio::sync::mpsc;

pub(crate) use kinds::paper as read_record;
pub use records::{MOST_RECORD_BYTES, Records};

use store::{Store, StoreError, Summary};

/// Records of one transaction: large enough that its cost is shared, small enough that a writer beside us waits
/// for a fraction of a second only.
const BATCH: usize = 500;
/// Bytes of JSON after which a batch is closed early.
const BATCH_BYTES: usize = 4 << 20;

/// Where records come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// `-`
    Stdin,
    /// A file: plain, gzip or zstd, told by its first bytes.
    File(PathBuf),
}

impl Input {
    /// The name for messages.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

/// A record that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Line on which the record begins, from 1.
    pub line: u64,
    /// Why, in words.
    pub reason: String,
}

/// What stops an import altogether.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened.
    #[error("cannot open {name}: {source}")]
    Open {
        /// Which file.
        name: String,
        /// Why.
        source: io::Error,
    },
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Bytes read of a file so far, and its size where that is known: for a progress bar.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    read: Arc<AtomicU64>,
    size: Arc<AtomicU64>,
}

impl Progress {
    /// Bytes read of the file as it lies on disk.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// The size of the file; 0 when not known.
    pub fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }
}

/// Imports one file. `at` is called with each batch's running summary, `set_aside` with each rejected record.
///
/// Idempotent: a second run finds everything unchanged, so an import that was cut off is simply run again.
pub async fn import(
    store: &Store,
    input: &Input,
    now: Timestamp,
    progress: &Progress,
    mut at: impl FnMut(&Summary),
    mut set_aside: impl FnMut(Reject),
) -> Result<Summary, ImportError> {
    let (reader, as_of) = open(input, now, progress)?;
    // One batch is written while the next is read: two cores, and a bound on memory.
    let (send, mut receive) = mpsc::channel::<Batch>(2);
    let parsing = tokio::task::spawn_blocking(move || parse(reader, as_of, &send));
    let mut summary = Summary::default();
    while let Some(batch) = receive.recv().await {
        for reject in batch.rejects {
            summary.rejected += 1;
            set_aside(reject);
        }
        if !batch.papers.is_empty() {
            for told in store.save_papers(&batch.papers, now).await? {
                summary.add(told);
            }
        }
        at(&summary);
    }
    if let Err(panic) = parsing.await {
        std::panic::resume_unwind(panic.into_panic());
    }
    Ok(summary)
}

#[derive(Debug, Default)]
struct Batch {
    papers: Vec<Paper>,
    rejects: Vec<Reject>,
    bytes: usize,
}

fn parse(reader: Box<dyn BufRead + Send>, as_of: Timestamp, send: &mpsc::Sender<Batch>) {
    let mut batch = Batch::default();
    for record in Records::new(reader) {
        match record {
            Ok(record) => {
                batch.bytes += record.bytes.len();
                match kinds::paper(&record.bytes, as_of) {
                    Ok(paper) => batch.papers.push(paper),
                    Err(reason) => batch.rejects.push(Reject {
                        line: record.line,
                        reason,
                    }),
                }
            }
            Err(reject) => batch.rejects.push(reject),
        }
        if batch.papers.len() >= BATCH || batch.bytes >= BATCH_BYTES || batch.rejects.len() >= BATCH {
            // The receiver is gone when the database refused; there is nobody left to read for.
            if send.blocking_send(std::mem::take(&mut batch)).is_err() {
                return;
            }
        }
    }
    let _ = send.blocking_send(batch);
}

/// Opens an input, unpacked, with the moment its contents were true: a file is as old as its modification time.
fn open(
    input: &Input,
    now: Timestamp,
    progress: &Progress,
) -> Result<(Box<dyn BufRead + Send>, Timestamp), ImportError> {
    let failed = |source| ImportError::Open {
        name: input.name(),
        source,
    };
    let (raw, as_of): (Box<dyn Read + Send>, Timestamp) = match input {
        Input::Stdin => (Box::new(io::stdin()), now),
        Input::File(path) => {
            let file = File::open(path).map_err(failed)?;
            let facts = file.metadata().map_err(failed)?;
            if facts.is_dir() {
                return Err(failed(io::Error::new(
                    io::ErrorKind::IsADirectory,
                    "it is a folder",
                )));
            }
            progress.size.store(facts.len(), Ordering::Relaxed);
            let modified = facts
                .modified()
                .ok()
                .and_then(|at| Timestamp::try_from(at).ok())
                .map_or(now, |at| at.min(now));
            (Box::new(file), modified)
        }
    };
    let mut counted = Counted {
        inner: raw,
        read: progress.read.clone(),
    };
    // A pipe may give its first bytes one by one.
    let mut magic = Vec::with_capacity(4);
    counted.by_ref().take(4).read_to_end(&mut magic).map_err(failed)?;
    let plain = BufReader::with_capacity(1 << 17, io::Cursor::new(magic.clone()).chain(counted));
    let unpacked: Box<dyn BufRead + Send> = if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let decoder = zstd::Decoder::with_buffer(plain).map_err(failed)?;
        Box::new(BufReader::with_capacity(1 << 17, decoder))
    } else if magic.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::with_capacity(
            1 << 17,
            flate2::bufread::MultiGzDecoder::new(plain),
        ))
    } else {
        Box::new(plain)
    };
    Ok((unpacked, as_of))
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
