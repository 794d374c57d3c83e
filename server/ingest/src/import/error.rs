//! What can go wrong with an import.

use std::io;

use store::StoreError;

use super::printable::printable;

/// A record that was not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The file inside an archive, safe to print; `None` if the input is not an archive.
    pub member: Option<String>,
    /// The line on which the record begins, counted from 1; 0 if the reject is about the whole file.
    pub line: u64,
    /// Why it was not imported. Safe to print, and at most 300 characters long.
    pub reason: String,
}

impl Reject {
    /// A reject from a file that is not in an archive.
    pub(super) fn new(line: u64, reason: &str) -> Self {
        Self {
            member: None,
            line,
            reason: printable(reason),
        }
    }

    /// The reject as one line, with the name of the input: `papers.zip/rows.jsonl:12: no title`.
    pub fn describe(&self, input: &str) -> String {
        let member = self
            .member
            .as_ref()
            .map(|name| format!("/{name}"))
            .unwrap_or_default();
        match self.line {
            0 => format!("{input}{member}: {}", self.reason),
            line => format!("{input}{member}:{line}: {}", self.reason),
        }
    }
}

/// An error that ends an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The input cannot be opened.
    #[error("cannot open {name}: {source}")]
    Open {
        /// Name of the input, safe to print.
        name: String,
        /// The cause.
        source: io::Error,
    },
    /// The input is not JSON, or its format is not supported.
    #[error("{name} {reason}")]
    Unreadable {
        /// Name of the input, safe to print.
        name: String,
        /// What the input is and what to do: the rest of a sentence that begins with the name.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
