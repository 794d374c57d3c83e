//! Opens an input.

use std::{
    fs::File,
    io::{self, BufRead, Read, Seek, SeekFrom},
    path::PathBuf,
};

use jiff::Timestamp;

use super::{
    archive::Archive,
    recognise::{FileKind, recognise},
    unpack::{Unpacked, peek, unpack},
};
use crate::import::{error::ImportError, printable::printable, progress::Progress};

/// The largest archive read from standard input, in bytes. It is copied to a temporary file first, because the
/// directory of a zip archive is at its end. The archive of all arXiv metadata is about 1.5 GB.
const MOST_SPOOLED: u64 = 8 << 30;

/// Where records come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Standard input, written as `-`.
    Stdin,
    /// A file: JSON, plain or compressed, or a zip archive. Its first bytes show which.
    File(PathBuf),
}

/// An open input.
pub(in crate::import) struct Opened {
    pub contents: Contents,
    /// When the contents were current: for a file, its modification time.
    pub as_of: Timestamp,
}

/// What an input contains.
pub(in crate::import) enum Contents {
    /// Records, in UTF-8.
    Text(Box<dyn BufRead>),
    Archive(Archive),
}

impl Input {
    /// Its name in messages, safe to print.
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "standard input".to_owned(),
            Self::File(path) => printable(&path.display().to_string()),
        }
    }

    /// Opens the input, recognises its format, and decompresses it.
    pub(in crate::import) fn open(&self, now: Timestamp, progress: &Progress) -> Result<Opened, ImportError> {
        let failed = |source| ImportError::Open {
            name: self.name(),
            source,
        };
        let unreadable = |what: &str| ImportError::Unreadable {
            name: self.name(),
            reason: format!("is {what}"),
        };
        let (file, as_of) = self.file(now, progress).map_err(failed)?;
        let raw: Box<dyn Read> = match &file {
            Some(file) => Box::new(file.try_clone().map_err(failed)?),
            None => Box::new(io::stdin()),
        };
        let (head, raw) = peek(Box::new(progress.counting(raw)));
        let contents = if recognise(&head) == FileKind::Zip {
            let file = match file {
                Some(file) if is_seekable(&file) => file,
                _ => spooled(raw).map_err(failed)?,
            };
            Contents::Archive(Archive::open(file, progress).map_err(|what| unreadable(&what))?)
        } else {
            match unpack(raw, progress).map_err(failed)? {
                Unpacked::Text { reader, .. } => Contents::Text(reader),
                Unpacked::Refused(what) => return Err(unreadable(what)),
            }
        };
        Ok(Opened { contents, as_of })
    }

    /// The open file, and when its contents were current; no file for standard input.
    fn file(&self, now: Timestamp, progress: &Progress) -> io::Result<(Option<File>, Timestamp)> {
        let Self::File(path) = self else {
            return Ok((None, now));
        };
        let file = File::open(path)?;
        let facts = file.metadata()?;
        if facts.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        progress.set_size(facts.len());
        let modified = facts
            .modified()
            .ok()
            .and_then(|at| Timestamp::try_from(at).ok())
            .map_or(now, |at| at.min(now));
        Ok((Some(file), modified))
    }
}

/// False for a pipe.
fn is_seekable(file: &File) -> bool {
    file.metadata().is_ok_and(|facts| facts.is_file())
}

/// A temporary file with the bytes of a stream. The operating system deletes it when it is closed.
fn spooled(raw: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    let copied = io::copy(&mut raw.take(MOST_SPOOLED + 1), &mut file)?;
    if copied > MOST_SPOOLED {
        return Err(io::Error::other(
            "it is a zip archive of more than 8 GB: save it as a file, and import that file",
        ));
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}
