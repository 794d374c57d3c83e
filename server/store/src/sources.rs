//! The sources: gates, health, and how far each harvest is.

use std::collections::HashMap;

use domain::Upstream;
use jiff::{Timestamp, civil::Date};

use crate::{error::Result, store::Store, validators::Validators};

/// How far a harvest is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The set, and for a backfill its first day.
    pub scope: String,
    /// The first day of the present harvest, or of the next one.
    pub from_day: String,
    /// The resumption token of the next page; `None` between harvests.
    pub token: Option<String>,
    /// When the present harvest began, by the clock of the server.
    pub began: Option<String>,
}

impl Checkpoint {
    /// The same harvest from its first page.
    pub fn begun_again(&self) -> Self {
        Self {
            token: None,
            began: None,
            ..self.clone()
        }
    }
}

/// A row of `sources`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceRecord {
    /// Failed requests since the last good answer.
    pub failures: u32,
    /// Failed passes since the last complete one.
    pub failed_passes: u32,
    /// No requests before this moment, Unix seconds.
    pub rest_until: Option<i64>,
    /// Last good answer, Unix seconds.
    pub last_answer_at: Option<i64>,
    /// Last batch with papers, Unix seconds.
    pub last_batch_at: Option<i64>,
    /// The day of that batch.
    pub last_batch_day: Option<Date>,
    /// The number of records in it.
    pub last_batch_size: Option<u64>,
    /// The last day for which the source said that there is nothing.
    pub last_empty_day: Option<Date>,
    /// The last error.
    pub last_error: Option<String>,
    /// When it happened, Unix seconds.
    pub last_error_at: Option<i64>,
    /// The day for which the source sent an old batch again.
    pub repeated_day: Option<Date>,
}

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

    /// The end of the pause of a source whose circuit is open.
    pub async fn resting(&self, upstream: Upstream, now: Timestamp) -> Result<Option<Timestamp>> {
        let (name, now) = (upstream.code(), now.as_second());
        // A longer pause can only come from a wrong clock.
        let longest = now + 25 * 3_600;
        let until = sqlx::query_scalar!(
            r#"select rest_until as "until!: i64" from sources where name = $1 and rest_until > $2 and rest_until <= $3"#,
            name,
            now,
            longest
        )
        .fetch_optional(&self.readers)
        .await?;
        Ok(until.and_then(|until| Timestamp::from_second(until).ok()))
    }

    /// Failed requests since the last good answer.
    pub async fn source_failures(&self, upstream: Upstream) -> Result<u32> {
        let name = upstream.code();
        let failures = sqlx::query_scalar!("select failures from sources where name = $1", name)
            .fetch_optional(&self.readers)
            .await?;
        Ok(failures.and_then(|n| u32::try_from(n).ok()).unwrap_or(0))
    }

    /// Stores that a source has answered; this closes its circuit.
    pub async fn source_answered(&self, upstream: Upstream, now: Timestamp) -> Result<()> {
        let (name, now) = (upstream.code(), now.as_second());
        sqlx::query!(
            "insert into sources (name, last_answer_at) values ($1, $2)
             on conflict (name) do update set failures = 0, rest_until = null, last_answer_at = $2",
            name,
            now
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Stores that a source has failed, and that it gets no requests until `until`.
    pub async fn source_failed(
        &self,
        upstream: Upstream,
        what: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<()> {
        let (name, now, until) = (upstream.code(), now.as_second(), until.as_second());
        let what: String = what.chars().take(500).collect();
        sqlx::query!(
            "insert into sources (name, failures, rest_until, last_error, last_error_at) values ($1, 1, $4, $2, $3)
             on conflict (name) do update set failures = sources.failures + 1, rest_until = $4, last_error = $2, last_error_at = $3",
            name,
            what,
            now,
            until
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Stores how a pass over a source ended: with this error, or complete.
    pub async fn pass_ended(&self, upstream: Upstream, error: Option<&str>, now: Timestamp) -> Result<()> {
        let (name, now) = (upstream.code(), now.as_second());
        let what: Option<String> = error.map(|what| what.chars().take(500).collect());
        sqlx::query!(
            "insert into sources (name, failed_passes, last_error, last_error_at)
             values ($1, case when $2 is null then 0 else 1 end, $2, case when $2 is not null then $3 end)
             on conflict (name) do update set
                 failed_passes = case when $2 is null then 0 else sources.failed_passes + 1 end,
                 last_error = coalesce($2, sources.last_error),
                 last_error_at = case when $2 is null then sources.last_error_at else $3 end",
            name,
            what,
            now
        )
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

    /// The record of every source; the default for a source that was never asked.
    pub async fn source_records(&self) -> Result<Vec<(Upstream, SourceRecord)>> {
        let rows = sqlx::query!(
            "select name, failures, failed_passes, rest_until, last_answer_at, last_batch_at, last_batch_day, last_batch_size, last_empty_day,
                    last_error, last_error_at, repeated_day
             from sources"
        )
        .fetch_all(&self.readers)
        .await?;
        let day = |text: Option<String>| text.and_then(|text| text.parse().ok());
        let mut known: HashMap<String, SourceRecord> = HashMap::new();
        for row in rows {
            known.insert(
                row.name,
                SourceRecord {
                    failures: u32::try_from(row.failures).unwrap_or(0),
                    failed_passes: u32::try_from(row.failed_passes).unwrap_or(0),
                    rest_until: row.rest_until,
                    last_answer_at: row.last_answer_at,
                    last_batch_at: row.last_batch_at,
                    last_batch_day: day(row.last_batch_day),
                    last_batch_size: row.last_batch_size.and_then(|n| u64::try_from(n).ok()),
                    last_empty_day: day(row.last_empty_day),
                    last_error: row.last_error,
                    last_error_at: row.last_error_at,
                    repeated_day: day(row.repeated_day),
                },
            );
        }
        Ok(Upstream::ALL
            .into_iter()
            .map(|upstream| (upstream, known.remove(upstream.code()).unwrap_or_default()))
            .collect())
    }

    /// How far a harvest is; `None` before the first.
    pub async fn harvest(&self, scope: &str) -> Result<Option<Checkpoint>> {
        Ok(sqlx::query_as!(
            Checkpoint,
            "select scope, from_day, token, began from harvests where scope = $1",
            scope
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// The validators of the answer that was stored today. On a new day the answer is requested in full: each day gets its
    /// own snapshot, also of totals that did not change.
    pub async fn validators(&self, url: &str, now: Timestamp) -> Result<Option<Validators>> {
        let midnight = now.as_second() - now.as_second().rem_euclid(86_400);
        Ok(sqlx::query_as!(
            Validators,
            "select etag, last_modified from validators where url = $1 and seen_at >= $2",
            url,
            midnight
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// Stores the validators of an answer whose content has been stored.
    pub async fn remember_validators(
        &self,
        url: &str,
        validators: &Validators,
        now: Timestamp,
    ) -> Result<()> {
        if *validators == Validators::default() {
            return Ok(());
        }
        let (etag, last_modified, now) = (&validators.etag, &validators.last_modified, now.as_second());
        sqlx::query!(
            "insert into validators (url, etag, last_modified, seen_at) values ($1, $2, $3, $4)
             on conflict (url) do update set etag = $2, last_modified = $3, seen_at = $4",
            url,
            etag,
            last_modified,
            now
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
