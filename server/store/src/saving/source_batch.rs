//! Saving what a source sent.

use domain::{ArxivId, Paper};
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};

use super::{
    listing_row::{ListingRow, listing_keys},
    listings::delete_listings,
    outcome::SaveOutcome,
    save::save_within,
};
use crate::{error::Result, json::to_json, sources::Checkpoint, store::Store, tally::SetAside};

/// What a source sent at once. It is saved in one transaction, together with the checkpoint.
#[derive(Debug)]
pub struct SourceBatch<'a> {
    /// Papers to merge.
    pub papers: &'a [Paper],
    /// Papers that arXiv has deleted.
    pub removed: &'a [ArxivId],
    /// Records that could not be read.
    pub set_aside: &'a [SetAside],
    /// How far the harvest is after this batch.
    pub checkpoint: Option<&'a Checkpoint>,
    /// The row of `job_runs` for the skipped records.
    pub run: i64,
}

impl Store {
    /// Saves what a source sent. Returns an outcome for each paper, and an `Updated` for each deleted paper.
    pub async fn save_batch(&self, batch: &SourceBatch<'_>, now: Timestamp) -> Result<Vec<SaveOutcome>> {
        let at = now.as_second();
        let mut tx = self.begin().await?;
        let mut outcomes = save_within(&mut tx, batch.papers, at).await?;
        let removed = remove(&mut tx, batch.removed, at).await?;
        outcomes.extend(std::iter::repeat_n(SaveOutcome::Updated, removed));
        write_set_aside(&mut tx, batch).await?;
        if let Some(checkpoint) = batch.checkpoint {
            write_checkpoint(&mut tx, checkpoint).await?;
        }
        tx.commit().await?;
        self.note_changes(&outcomes);
        Ok(outcomes)
    }
}

async fn write_checkpoint(tx: &mut Transaction<'_, Sqlite>, checkpoint: &Checkpoint) -> Result<()> {
    let Checkpoint {
        scope,
        from_day,
        token,
        began,
    } = checkpoint;
    sqlx::query!(
        "insert into harvests (scope, from_day, token, began) values ($1, $2, $3, $4)
         on conflict (scope) do update set from_day = $2, token = $3, began = $4",
        scope,
        from_day,
        token,
        began
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes papers from every listing. Bookmarks of them stay.
async fn remove(tx: &mut Transaction<'_, Sqlite>, ids: &[ArxivId], now: i64) -> Result<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let ids = to_json(&ids)?;
    let known = sqlx::query!(
        r#"select id as "id!", announced, categories from papers
           where arxiv_id in (select value from json_each($1)) and removed_at is null"#,
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    let listed: Vec<ListingRow> = known
        .iter()
        .flat_map(|paper| listing_keys(paper.id, paper.announced, &paper.categories))
        .collect();
    delete_listings(tx, &listed).await?;
    sqlx::query!(
        "update papers set removed_at = $2, heat = 0
         where arxiv_id in (select value from json_each($1)) and removed_at is null",
        ids,
        now
    )
    .execute(&mut **tx)
    .await?;
    Ok(known.len())
}

async fn write_set_aside(tx: &mut Transaction<'_, Sqlite>, batch: &SourceBatch<'_>) -> Result<()> {
    if batch.set_aside.is_empty() {
        return Ok(());
    }
    let short = |text: &str| text.chars().take(300).collect::<String>();
    let rows: Vec<(String, String)> = batch
        .set_aside
        .iter()
        .map(|aside| (short(&aside.record), short(&aside.reason)))
        .collect();
    let (run, rows) = (batch.run, to_json(&rows)?);
    // A broken source may make every record unreadable. A few hundred show why.
    sqlx::query!(
        "insert into set_aside (run_id, position, record, reason)
         select $1, (select coalesce(max(position), -1) from set_aside where run_id = $1) + 1 + cast(e.key as bigint),
                e.value ->> 0, e.value ->> 1
         from json_each($2) e where cast(e.key as bigint) < 300 - (select count(*) from set_aside where run_id = $1)",
        run,
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
