//! Whether a source answers: failures, circuit, passes.

use domain::Upstream;
use jiff::Timestamp;

use crate::{error::Result, store::Store};

impl Store {
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
}
