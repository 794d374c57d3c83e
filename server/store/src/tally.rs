//! What became of the records of an import or of a pass over a source.

use crate::SaveOutcome;

/// How an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// New papers.
    pub imported: u64,
    /// Known papers of which something is new.
    pub updated: u64,
    /// Known papers, nothing new.
    pub unchanged: u64,
    /// Records set aside.
    pub rejected: u64,
}

impl Summary {
    /// Records that were taken.
    pub fn accepted(&self) -> u64 {
        self.imported + self.updated + self.unchanged
    }

    /// Counts one outcome.
    pub fn add(&mut self, told: SaveOutcome) {
        match told {
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
    /// Papers told, and records set aside.
    pub summary: Summary,
    /// Requests sent.
    pub requests: u64,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its identifier, or the beginning of it.
    pub record: String,
    /// Why, in words.
    pub reason: String,
}
