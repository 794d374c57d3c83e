//! What can go wrong with an import.

use std::io;

use store::StoreError;

/// A record that was not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The line on which the record begins, counted from 1.
    pub line: u64,
    /// Why it was not imported.
    pub reason: String,
}

/// An error that ends an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The input cannot be opened.
    #[error("cannot open {name}: {source}")]
    Open {
        /// Name of the input.
        name: String,
        /// The cause.
        source: io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
