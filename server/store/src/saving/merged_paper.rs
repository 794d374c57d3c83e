//! One paper of a batch while it is merged.

use std::collections::HashMap;

use domain::{
    Name, Paper, PaperKey,
    paper::{CounterReading, PlainText, Signal},
    upstream::Announcement,
};

use super::{merge::code_in_texts, row::Row};

/// One paper of a batch while it is merged.
pub(crate) struct MergedPaper {
    /// The row as it will be stored.
    pub row: Row,
    /// The row as it is stored; `None` for a new paper.
    pub stored: Option<Row>,
    /// The authors, when they have changed.
    pub authors: Option<Vec<Name>>,
    /// The plain title, when the title has changed.
    pub plain_title: Option<PlainText>,
    /// The plain abstract, when the abstract has changed.
    pub plain_abstract: Option<PlainText>,
    /// Where the code link was found, when it has changed.
    pub code_found_in: Option<&'static str>,
    /// Whether the stored code link was found in the texts of the paper.
    pub had_code_from_texts: bool,
    /// Whether the stored stars are those of another repository.
    pub has_wrong_stars: bool,
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
    /// Whether it is stored otherwise than it will be.
    pub(super) fn is_changed(&self) -> bool {
        self.stored.as_ref().is_some_and(|stored| *stored != self.row)
    }

    /// Chooses the code link when a record is merged. If a link from the texts is replaced, the stars of its repository are
    /// forgotten.
    pub(super) fn link_code(&mut self, record: &Paper) {
        if self.row.code_url.is_some() && record.code_url.is_none() && record.stars.is_some() {
            // The stars are those of the stored link. They must not be shown for another one.
            return;
        }
        let before = self.row.code_url.clone();
        let was_from_texts = match self.code_found_in {
            Some(origin) => matches!(origin, "abstract" | "comments"),
            None => self.had_code_from_texts,
        };
        self.row.link_code(record, was_from_texts);
        if self.row.code_url == before {
            return;
        }
        self.code_found_in = self.row.code_found_in(record);
        let is_same_repository = |before: &str| {
            self.row
                .code_url
                .as_deref()
                .is_some_and(|url| url.eq_ignore_ascii_case(before))
        };
        if was_from_texts && before.is_some_and(|before| !is_same_repository(&before)) {
            self.row.stars = None;
            self.snapshots.retain(|(signal, _), _| *signal != Signal::Stars);
            self.new_snapshots.retain(|(signal, _)| *signal != Signal::Stars);
            self.has_wrong_stars = true;
        }
    }

    /// The stored code link, if it was found in the texts and they do not name it any more.
    pub(super) fn lost_code(&self) -> Option<&str> {
        let stored = self.stored.as_ref()?.code_url.as_deref()?;
        let is_lost = self.had_code_from_texts
            && self.row.code_url.as_deref() != Some(stored)
            && code_in_texts(&self.row.abstract_text, self.row.comments.as_deref()).as_deref()
                != Some(stored);
        is_lost.then_some(stored)
    }

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
