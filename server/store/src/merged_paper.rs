//! One paper of a batch while it is merged.

use std::collections::HashMap;

use domain::{Paper, PaperKey, upstream::Announcement};

use super::merge::{Row, is_news};

/// One paper of a batch while it is merged.
pub(super) struct MergedPaper {
    pub(super) row: Row,
    pub(super) stored: Option<Row>,
    pub(super) authors: Option<Vec<String>>,
    pub(super) code_found_in: Option<&'static str>,
    /// A name that is no longer, or never was, the paper's own, and that it answers to.
    pub(super) other_key: Option<PaperKey>,
    /// Totals by (signal, day): moment and total.
    pub(super) snapshots: HashMap<(&'static str, String), (i64, i64)>,
    pub(super) new_snapshots: Vec<(&'static str, String)>,
    pub(super) announcements: Vec<Announcement>,
}

impl MergedPaper {
    /// Takes the totals of a telling into the history; true when they were news.
    pub(super) fn sight(&mut self, told: &Paper) -> bool {
        let mut news = false;
        for (signal, seen) in [("hf", &told.upvotes), ("gh", &told.stars)] {
            let Some(seen) = seen else { continue };
            let day = seen.at.strftime("%Y-%m-%d").to_string();
            let slot = (signal, day);
            if is_news(self.snapshots.get(&slot).copied(), seen) {
                self.snapshots
                    .insert(slot.clone(), (seen.at.as_second(), i64::from(seen.total)));
                self.new_snapshots.push(slot);
                news = true;
            }
            let latest = self
                .snapshots
                .iter()
                .filter(|((s, _), _)| *s == signal)
                .map(|(_, seen)| *seen)
                .max();
            let total = latest.map(|(_, total)| total);
            match signal {
                "hf" => self.row.upvotes = total,
                _ => self.row.stars = total,
            }
        }
        news
    }
}
