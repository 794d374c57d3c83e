//! HTTP validators of stored answers.

use jiff::Timestamp;

use crate::{error::Result, store::Store, validators::Validators};

impl Store {
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
