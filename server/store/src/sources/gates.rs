//! Gates: the minimum pause between two requests to one host.

use jiff::Timestamp;

use crate::{error::Result, store::Store};

impl Store {
    /// Reserves a gate until `lease` if it is free at `now`; else returns when it will be free.
    pub async fn reserve_gate(
        &self,
        name: &str,
        now: Timestamp,
        lease: Timestamp,
    ) -> Result<Option<Timestamp>> {
        let (now_ms, lease_ms) = (now.as_millisecond(), lease.as_millisecond());
        let taken = sqlx::query!(
            "insert into gates (name, free_at) values ($1, $3)
             on conflict (name) do update set free_at = $3 where gates.free_at <= $2",
            name,
            now_ms,
            lease_ms
        )
        .execute(&self.writer)
        .await?
        .rows_affected();
        if taken > 0 {
            return Ok(None);
        }
        let free_at = sqlx::query_scalar!("select free_at from gates where name = $1", name)
            .fetch_one(&self.writer)
            .await?;
        Ok(Some(Timestamp::from_millisecond(free_at).unwrap_or(now)))
    }

    /// Sets when a gate will be free again.
    pub async fn free_gate(&self, name: &str, at: Timestamp) -> Result<()> {
        // Rounded up: never a millisecond too early.
        let at = at.as_millisecond() + 1;
        sqlx::query!("update gates set free_at = $1 where name = $2", at, name)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The gates that stay reserved for more than 150 seconds after `now`, and until when.
    pub async fn shut_gates(&self, now: Timestamp) -> Result<Vec<(String, Timestamp)>> {
        let soon = now.as_millisecond() + 150_000;
        let rows = sqlx::query!("select name, free_at from gates where free_at > $1", soon)
            .fetch_all(&self.readers)
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Some((row.name, Timestamp::from_millisecond(row.free_at).ok()?)))
            .collect())
    }
}
