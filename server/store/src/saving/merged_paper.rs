//! One paper of a batch while it is merged.

use std::collections::HashMap;

use domain::{
    Paper, PaperKey,
    paper::{CounterReading, Signal},
    upstream::Announcement,
};

use super::row::Row;

/// One paper of a batch while it is merged.
pub(crate) struct MergedPaper {
    /// The row as it will be stored.
    pub row: Row,
    /// The row as it is stored; `None` for a new paper.
    pub stored: Option<Row>,
    /// The authors, when they have changed.
    pub authors: Option<Vec<String>>,
    /// Where the code link was found, when it has changed.
    pub code_found_in: Option<&'static str>,
    /// Another key of the paper, which becomes an alias.
    pub other_key: Option<PaperKey>,
    /// Moment and total of each snapshot, by signal and day.
    pub snapshots: HashMap<(Signal, String), (i64, i64)>,
    /// The snapshots that are new or have changed.
    pub new_snapshots: Vec<(Signal, String)>,
    /// What arXiv announced about it.
    pub announcements: Vec<Announcement>,
}

impl MergedPaper {
    /// Adds the counters of a record to the history. Returns whether that changed anything.
    pub(super) fn add_counters(&mut self, paper: &Paper) -> bool {
        let mut changed = false;
        for (signal, reading) in [(Signal::Upvotes, &paper.upvotes), (Signal::Stars, &paper.stars)] {
            let Some(reading) = reading else { continue };
            let slot = (signal, reading.at.strftime("%Y-%m-%d").to_string());
            if is_change(self.snapshots.get(&slot).copied(), reading) {
                self.snapshots
                    .insert(slot.clone(), (reading.at.as_second(), i64::from(reading.total)));
                self.new_snapshots.push(slot);
                changed = true;
            }
            let latest = self
                .snapshots
                .iter()
                .filter(|((known, _), _)| *known == signal)
                .map(|(_, snapshot)| *snapshot)
                .max();
            let total = latest.map(|(_, total)| total);
            match signal {
                Signal::Upvotes => self.row.upvotes = total,
                Signal::Stars => self.row.stars = total,
            }
        }
        changed
    }
}

/// Whether a reading replaces the snapshot of its day: it is later, and its total is another.
fn is_change(stored: Option<(i64, i64)>, reading: &CounterReading) -> bool {
    match stored {
        Some((at, total)) => reading.at.as_second() > at && i64::from(reading.total) != total,
        None => true,
    }
}
