//! Writing rows of `listings`.

use sqlx::{Sqlite, Transaction};

use super::listing_row::ListingRow;
use crate::{error::Result, json::to_json};

pub(super) async fn delete_listings(tx: &mut Transaction<'_, Sqlite>, rows: &[ListingRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = to_json(&rows)?;
    sqlx::query!(
        "delete from listings where (scope, announced, paper_id) in (
             select value ->> 'scope', cast(value ->> 'announced' as bigint), cast(value ->> 'paper_id' as bigint) from jsonb_each($1))",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn insert_listings(tx: &mut Transaction<'_, Sqlite>, rows: &[ListingRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = to_json(&rows)?;
    sqlx::query!(
        "insert into listings (scope, announced, paper_id, upvotes, stars, has_code)
         select value ->> 'scope', cast(value ->> 'announced' as bigint), cast(value ->> 'paper_id' as bigint),
                cast(value ->> 'upvotes' as bigint), cast(value ->> 'stars' as bigint), cast(value ->> 'has_code' as bigint)
         from jsonb_each($1)",
        rows
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
