//! The full-text index of papers.

use sqlx::{Sqlite, Transaction};

use crate::{error::Result, json::to_json};

/// Removes papers from the index. Must run while the indexed words are still stored: FTS5 needs them.
pub(crate) async fn unindex(tx: &mut Transaction<'_, Sqlite>, ids: &[i64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = to_json(&ids)?;
    sqlx::query!(
        "insert into papers_fts (papers_fts, rowid, title, authors, abstract)
         select 'delete', id, title, authors, abstract from papers where id in (select cast(value as bigint) from json_each($1))",
        ids
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Adds papers to the index.
pub(crate) async fn index(tx: &mut Transaction<'_, Sqlite>, ids: &[i64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = to_json(&ids)?;
    sqlx::query!(
        "insert into papers_fts (rowid, title, authors, abstract)
         select id, title, authors, abstract from papers where id in (select cast(value as bigint) from json_each($1)) order by id",
        ids
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
