//! Saving papers.

use domain::Paper;
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};

use super::{load::load, outcome::SaveOutcome, plausible_dates::believable};
use crate::{error::Result, store::Store};

impl Store {
    /// Saves papers in one transaction: merges known ones, adds others. Returns an outcome for each record, in order.
    /// Saving the same records again changes nothing.
    pub async fn save_papers(&self, papers: &[Paper], now: Timestamp) -> Result<Vec<SaveOutcome>> {
        let mut tx = self.begin().await?;
        let outcomes = save_within(&mut tx, papers, now.as_second()).await?;
        tx.commit().await?;
        self.note_changes(&outcomes);
        Ok(outcomes)
    }

    /// Empties the caches that a save makes wrong.
    pub(super) fn note_changes(&self, outcomes: &[SaveOutcome]) {
        self.counts.clear();
        if outcomes.contains(&SaveOutcome::Updated) {
            self.rankings.clear();
        }
    }
}

/// Saves papers within a transaction.
pub(crate) async fn save_within(
    tx: &mut Transaction<'_, Sqlite>,
    records: &[Paper],
    now: i64,
) -> Result<Vec<SaveOutcome>> {
    let mut batch = load(tx, records).await?;
    let present = Timestamp::from_second(now).unwrap_or(Timestamp::MAX);
    let mut next_id = sqlx::query_scalar!(r#"select coalesce(max(id), 0) + 1 as "id!: i64" from papers"#)
        .fetch_one(&mut **tx)
        .await?;
    let outcomes = records
        .iter()
        .map(|record| batch.merge(&believable(record, present), present, &mut next_id))
        .collect();
    batch.write(tx, now).await?;
    Ok(outcomes)
}
