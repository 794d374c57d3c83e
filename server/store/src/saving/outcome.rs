//! What saving a paper did.

/// What saving one record of a paper did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveOutcome {
    /// The paper is new.
    Imported,
    /// The paper was known; something has changed.
    Updated,
    /// The paper was known; nothing has changed.
    Unchanged,
}
