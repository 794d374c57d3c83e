//! Storing rank runs.

use domain::Window;
use sqlx::{Sqlite, Transaction};

use super::{stored::StoredRanking, top_entries::note_top_entries};
use crate::{
    error::{Result, StoreError},
    json::to_json,
    store::Store,
};

/// Rank runs and moves are kept this long, so that a reader who comes back the next morning finds their place.
pub(crate) const KEPT_SECONDS: i64 = 48 * 3_600;

impl Store {
    /// When the last rank run was, Unix seconds.
    pub async fn last_rank_run(&self) -> Result<Option<i64>> {
        Ok(
            sqlx::query_scalar!(r#"select max(ran_at) as "at: i64" from rank_runs"#)
                .fetch_one(&self.readers)
                .await?,
        )
    }

    /// Stores a rank run and deletes those that are too old. Returns the epoch of the new run.
    pub async fn add_rank_run(
        &self,
        ran_at: i64,
        ranked_for: i64,
        rankings: &[(Window, StoredRanking)],
    ) -> Result<i64> {
        let mut tx = self.begin().await?;
        let epoch = sqlx::query_scalar!(
            r#"insert into rank_runs (epoch, ran_at, ranked_for)
               values ((select coalesce(max(epoch), 0) + 1 from rank_runs), $1, $2) returning epoch as "epoch!""#,
            ran_at,
            ranked_for
        )
        .fetch_one(&mut *tx)
        .await?;
        for (window, ranking) in rankings {
            let entries = ranking
                .encode()
                .map_err(|error| StoreError::Corrupt(format!("a new ranking: {error}")))?;
            let window = window.code();
            sqlx::query!(
                r#"insert into rankings (epoch, "window", entries) values ($1, $2, $3)"#,
                epoch,
                window,
                entries
            )
            .execute(&mut *tx)
            .await?;
        }
        if let Some((_, week)) = rankings.iter().find(|(window, _)| *window == Window::Week) {
            note_top_entries(&mut tx, week, ran_at).await?;
            write_heat(&mut tx, week).await?;
        }
        delete_old_runs(&mut tx, epoch, ran_at - KEPT_SECONDS).await?;
        tx.commit().await?;
        Ok(epoch)
    }
}

/// Copies the heat of the week into `papers.heat`.
async fn write_heat(tx: &mut Transaction<'_, Sqlite>, week: &StoredRanking) -> Result<()> {
    let heats: Vec<(i64, f64)> = week
        .entries
        .iter()
        .map(|(id, terms, _)| (*id, terms.iter().sum()))
        .collect();
    let heats = to_json(&heats)?;
    sqlx::query!(
        "update papers set heat = 0 where heat > 0 and id not in (select cast(value ->> 0 as bigint) from jsonb_each($1))",
        heats
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update papers set heat = cast(new.value ->> 1 as double precision) from jsonb_each($1) new
         where papers.id = cast(new.value ->> 0 as bigint)",
        heats
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn delete_old_runs(tx: &mut Transaction<'_, Sqlite>, current: i64, before: i64) -> Result<()> {
    sqlx::query!(
        "delete from rank_runs where ran_at < $1 and epoch < $2",
        before,
        current
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from moves where at < $1", before)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
