//! The papers of a batch, merged in memory and then written.

use std::collections::HashMap;

use domain::Paper;
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};

use super::{
    details::{delete_wrong_stars, write_aliases, write_authors, write_code, write_snapshots},
    full_text::{index, unindex},
    listing_row::ListingRow,
    listings::{delete_listings, insert_listings},
    merged_paper::MergedPaper,
    outcome::SaveOutcome,
    plain_texts::{insert_plain_texts, update_plain_texts},
    plausible_dates::ClockState,
    row::Row,
    rows::{insert_rows, update_rows, write_moves},
};
use crate::{announcements::write_announcements, error::Result};

/// The papers of a batch, by each name that a record may have for them.
pub(super) struct Batch {
    pub(super) papers: Vec<MergedPaper>,
    by_name: HashMap<String, usize>,
}

impl Batch {
    pub(super) fn with_capacity(papers: usize) -> Self {
        Self {
            papers: Vec::with_capacity(papers),
            by_name: HashMap::with_capacity(papers),
        }
    }

    /// Adds a stored paper under its key. Returns its index.
    pub(super) fn add_stored(&mut self, row: Row) -> usize {
        let index = self.papers.len();
        self.by_name.insert(row.key.clone(), index);
        self.add(MergedPaper {
            stored: Some(row.clone()),
            row,
            authors: None,
            plain_title: None,
            plain_abstract: None,
            code_found_in: None,
            had_code_from_texts: false,
            has_wrong_stars: false,
            other_key: None,
            snapshots: HashMap::new(),
            new_snapshots: Vec::new(),
            announcements: Vec::new(),
        });
        index
    }

    /// Makes a paper known under another key.
    pub(super) fn add_alias(&mut self, key: String, index: usize) {
        self.by_name.insert(key, index);
    }

    /// Merges one record. A new paper gets the row id `next_id`.
    pub(super) fn merge(&mut self, record: &Paper, now: Timestamp, next_id: &mut i64) -> SaveOutcome {
        let key = record.key().to_string();
        let Some(index) = self.find(&key, record) else {
            self.by_name.insert(key, self.papers.len());
            self.add_new(record, *next_id, now);
            *next_id += 1;
            return SaveOutcome::Imported;
        };
        self.by_name.insert(key, index);
        let paper = &mut self.papers[index];
        let before = paper.row.clone();
        if let Some(other) = paper.row.other_key(record) {
            paper.other_key.get_or_insert(other);
        }
        paper.row.drop_impossible_dates(now, ClockState::Unchecked);
        paper.row.merge(record, now);
        paper.link_code(record);
        // The parts of a name may be new although it is printed the same.
        let has_parts = record.source.rank() >= before.source
            && record.authors.iter().any(|name| name.own_parts().is_some());
        let are_others =
            (&paper.row.authors, paper.row.author_count) != (&before.authors, before.author_count);
        if are_others || has_parts && domain::name::joined(&record.authors) == paper.row.authors {
            paper.authors = Some(record.authors.clone());
        }
        if paper.row.title != before.title {
            paper.plain_title = Some(record.plain_title.clone());
        }
        if paper.row.abstract_text != before.abstract_text {
            paper.plain_abstract = Some(record.plain_abstract.clone());
        }
        let has_new_counters = paper.add_counters(record);
        paper.announcements.extend(record.announcement);
        if paper.row != before || has_new_counters {
            SaveOutcome::Updated
        } else {
            SaveOutcome::Unchanged
        }
    }

    /// The paper that a record describes: by key, else by title. Two papers with different identifiers and one title are
    /// different papers.
    fn find(&self, key: &str, record: &Paper) -> Option<usize> {
        let by_title = || {
            let title_key = domain::text::title_key(&record.title);
            let index = self.by_name.get(&title_name(&title_key))?;
            let has_identifier = self.papers[*index].row.arxiv_id.is_some();
            (record.arxiv_id.is_none() || !has_identifier).then_some(index)
        };
        self.by_name.get(key).or_else(by_title).copied()
    }

    fn add_new(&mut self, record: &Paper, id: i64, now: Timestamp) {
        let row = Row::new(id, record, now);
        let mut paper = MergedPaper {
            code_found_in: row.code_found_in(record),
            had_code_from_texts: false,
            has_wrong_stars: false,
            authors: (!record.authors.is_empty()).then(|| record.authors.clone()),
            plain_title: Some(record.plain_title.clone()),
            plain_abstract: Some(record.plain_abstract.clone()),
            row,
            stored: None,
            other_key: None,
            snapshots: HashMap::new(),
            new_snapshots: Vec::new(),
            announcements: record.announcement.into_iter().collect(),
        };
        paper.add_counters(record);
        self.add(paper);
    }

    fn add(&mut self, paper: MergedPaper) {
        let title = title_name(&domain::text::title_key(&paper.row.title));
        let index = self.papers.len();
        if paper.row.arxiv_id.is_none() {
            self.by_name.insert(title, index);
        } else {
            self.by_name.entry(title).or_insert(index);
        }
        self.papers.push(paper);
    }

    /// Writes what is new or has changed.
    pub(super) async fn write(self, tx: &mut Transaction<'_, Sqlite>, now: i64) -> Result<()> {
        let added: Vec<&MergedPaper> = self
            .papers
            .iter()
            .filter(|paper| paper.stored.is_none())
            .collect();
        let changed: Vec<&MergedPaper> = self.papers.iter().filter(|paper| paper.is_changed()).collect();
        let reworded: Vec<i64> = changed
            .iter()
            .filter(|paper| {
                paper.stored.as_ref().is_some_and(|stored| {
                    (&stored.title, &stored.authors, &stored.abstract_text)
                        != (&paper.row.title, &paper.row.authors, &paper.row.abstract_text)
                })
            })
            .map(|paper| paper.row.id)
            .collect();
        unindex(tx, &reworded).await?;
        let old_listings: Vec<ListingRow> = changed
            .iter()
            .filter_map(|paper| paper.stored.as_ref())
            .flat_map(Row::listing_rows)
            .collect();
        delete_listings(tx, &old_listings).await?;
        write_moves(tx, &changed, now).await?;
        update_rows(tx, &changed, now).await?;
        insert_rows(tx, &added, now).await?;
        let indexed: Vec<i64> = added.iter().map(|paper| paper.row.id).chain(reworded).collect();
        index(tx, &indexed).await?;
        let mut listings: Vec<ListingRow> = added
            .iter()
            .chain(&changed)
            .flat_map(|paper| paper.row.listing_rows())
            .collect();
        // Sorted by the primary key, which makes the inserts faster.
        listings
            .sort_by(|a, b| (&a.scope, a.announced, a.paper_id).cmp(&(&b.scope, b.announced, b.paper_id)));
        insert_listings(tx, &listings).await?;
        insert_plain_texts(tx, &added).await?;
        update_plain_texts(tx, &changed).await?;
        write_authors(tx, &self.papers).await?;
        write_code(tx, &self.papers).await?;
        write_aliases(tx, &self.papers).await?;
        write_announcements(tx, &self.papers).await?;
        delete_wrong_stars(tx, &self.papers).await?;
        write_snapshots(tx, &self.papers).await
    }
}

fn title_name(title_key: &str) -> String {
    // No key begins like this.
    format!("title:{title_key}")
}
