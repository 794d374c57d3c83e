//! The batches of daily sources.

use domain::Upstream;
use jiff::{Timestamp, civil::Date};

use crate::{error::Result, store::Store};

impl Store {
    /// Stores that a source sent a batch with papers.
    pub async fn source_batch(
        &self,
        upstream: Upstream,
        day: Option<Date>,
        size: u64,
        now: Timestamp,
    ) -> Result<()> {
        let (name, now, size) = (
            upstream.code(),
            now.as_second(),
            i64::try_from(size).unwrap_or(i64::MAX),
        );
        let day = day.map(|day| day.to_string());
        sqlx::query!(
            "insert into sources (name, last_batch_at, last_batch_day, last_batch_size) values ($1, $2, $3, $4)
             on conflict (name) do update set
                 last_batch_at = $2,
                 last_batch_size = case when coalesce($3, '') >= coalesce(sources.last_batch_day, '') then $4 else sources.last_batch_size end,
                 last_batch_day = case when coalesce($3, '') >= coalesce(sources.last_batch_day, '') then $3 else sources.last_batch_day end,
                 repeated_day = case when sources.repeated_day <= $3 then null else sources.repeated_day end",
            name,
            now,
            day,
            size
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Stores that a daily source has nothing for this day.
    pub async fn source_empty(&self, upstream: Upstream, day: Date) -> Result<()> {
        let (name, day) = (upstream.code(), day.to_string());
        sqlx::query!(
            "insert into sources (name, last_empty_day) values ($1, $2)
             on conflict (name) do update set last_empty_day = $2,
                 repeated_day = case when sources.repeated_day < $2 then null else sources.repeated_day end",
            name,
            day
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Stores that a daily source sent an old batch again under this date.
    pub async fn source_repeated(&self, upstream: Upstream, day: Date) -> Result<()> {
        let (name, day) = (upstream.code(), day.to_string());
        sqlx::query!(
            "insert into sources (name, repeated_day) values ($1, $2)
             on conflict (name) do update set repeated_day = $2",
            name,
            day
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Whether the batch of a daily source for this day is stored, or the source said that there is none.
    pub async fn batch_is_in(&self, upstream: Upstream, day: Date) -> Result<bool> {
        let (name, day) = (upstream.code(), day.to_string());
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from sources where name = $1 and (last_batch_day >= $2 or last_empty_day >= $2)) as "is_in!: bool""#,
            name,
            day
        )
        .fetch_one(&self.readers)
        .await?)
    }
}
