//! Where records come from: a file or standard input, compressed or not.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::PathBuf,
};

use jiff::Timestamp;

use super::{error::ImportError, progress::Progress};

/// Size of a read buffer, in bytes.
const BUFFER: usize = 1 << 17;
/// The first bytes of a file that zstd compressed (RFC 8878, section 3.1.1).
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// The first bytes of a file that gzip compressed (RFC 1952, section 2.3.1).
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Where records come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input, written `-`.
    Stdin,
    /// A file: plain, gzip or zstd, recognised by its first bytes.
    File(PathBuf),
}

impl Input {
    /// Its name in messages.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// Opens the input and decompresses it. Also returns the moment at which its contents were current: for a file the
    /// time of its last modification.
    pub(super) fn open(
        &self,
        now: Timestamp,
        progress: &Progress,
    ) -> Result<(Box<dyn BufRead + Send>, Timestamp), ImportError> {
        let failed = |source| ImportError::Open {
            name: self.name(),
            source,
        };
        let (raw, as_of) = match self {
            Self::Stdin => (Box::new(io::stdin()) as Box<dyn Read + Send>, now),
            Self::File(path) => {
                let file = File::open(path).map_err(failed)?;
                let facts = file.metadata().map_err(failed)?;
                if facts.is_dir() {
                    return Err(failed(io::Error::new(
                        io::ErrorKind::IsADirectory,
                        "it is a folder",
                    )));
                }
                progress.set_size(facts.len());
                let modified = facts
                    .modified()
                    .ok()
                    .and_then(|at| Timestamp::try_from(at).ok())
                    .map_or(now, |at| at.min(now));
                (Box::new(file) as Box<dyn Read + Send>, modified)
            }
        };
        let reader = decompressed(progress.counting(raw)).map_err(failed)?;
        Ok((reader, as_of))
    }
}

fn decompressed(mut raw: impl Read + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    // A pipe may deliver its first bytes one by one.
    let mut magic = Vec::with_capacity(4);
    raw.by_ref().take(4).read_to_end(&mut magic)?;
    let plain = BufReader::with_capacity(BUFFER, io::Cursor::new(magic.clone()).chain(raw));
    Ok(if magic.starts_with(ZSTD) {
        let decoder = zstd::Decoder::with_buffer(plain)?;
        Box::new(BufReader::with_capacity(BUFFER, decoder))
    } else if magic.starts_with(GZIP) {
        Box::new(BufReader::with_capacity(
            BUFFER,
            flate2::bufread::MultiGzDecoder::new(plain),
        ))
    } else {
        Box::new(plain)
    })
}
