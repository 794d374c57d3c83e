//! Counts of what an import or a pass over a source did.

use crate::saving::SaveOutcome;

/// Counts of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// New papers.
    pub imported: u64,
    /// Known papers with a change.
    pub updated: u64,
    /// Known papers without a change.
    pub unchanged: u64,
    /// Records that could not be read.
    pub rejected: u64,
}

impl Summary {
    /// Records that could be read.
    pub fn accepted(&self) -> u64 {
        self.imported + self.updated + self.unchanged
    }

    /// Counts one outcome.
    pub fn add(&mut self, outcome: SaveOutcome) {
        match outcome {
            SaveOutcome::Imported => self.imported += 1,
            SaveOutcome::Updated => self.updated += 1,
            SaveOutcome::Unchanged => self.unchanged += 1,
        }
    }
}

impl std::ops::AddAssign for Summary {
    fn add_assign(&mut self, other: Self) {
        self.imported += other.imported;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.rejected += other.rejected;
    }
}

/// What a pass did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Records.
    pub summary: Summary,
    /// Requests sent.
    pub requests: u64,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its identifier, or the beginning of the record.
    pub record: String,
    /// Why.
    pub reason: String,
}
