//! Queueing emails. Every email is a row of `deliveries` and is queued once: subscriber, kind and period are its key.

use domain::edition;
use jiff::{Timestamp, civil::Date};

use super::{DeliveryState, EmailKind, Result, Store, Subscriber, WriteTransaction, from_json, to_json};

/// The tokens of a new email, as the database stores them.
#[derive(Debug, Clone, Copy)]
pub struct EmailTokens {
    /// Random. The tokens are made from it.
    pub nonce: [u8; 16],
    /// SHA-256 of the confirmation token.
    pub confirm: [u8; 32],
    /// SHA-256 of the unsubscribe token.
    pub unsubscribe: [u8; 32],
    /// SHA-256 of the token that opens the preferences.
    pub preferences: [u8; 32],
}

/// A digest to be queued. Without papers, only the next due moment is set.
#[derive(Debug, Clone)]
pub struct NewDigest {
    /// Row id of the subscriber.
    pub subscriber: i64,
    /// The domain of the address.
    pub domain: String,
    /// The subscriber's local day, such as `2026-11-24`.
    pub day: String,
    /// The papers in order, each with the issue from which it was chosen: row ids.
    pub papers: Vec<(i64, i64)>,
    /// The tokens of its links.
    pub tokens: EmailTokens,
    /// When the next digest is due.
    pub next_due: Timestamp,
}

/// What is stored about an email, for the subscriber's download.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StoredEmail {
    /// What it is.
    pub kind: EmailKind,
    /// The day of a digest; for other kinds, when the email was requested.
    pub period: String,
    /// How far its delivery has come.
    pub state: DeliveryState,
    /// When the mail server accepted it.
    pub sent_at: Option<Timestamp>,
    /// The keys of its papers, in order.
    pub papers: Vec<String>,
}

impl Store {
    /// Queues digests, and sets when the next ones are due, in one transaction. Answers how many were queued: each
    /// day is queued once. A digest that still waits is dropped, and its papers can be sent again: a subscriber never
    /// gets two digests at once.
    pub async fn queue_digests(&self, digests: &[NewDigest], now: Timestamp) -> Result<usize> {
        let now = now.as_second();
        let mut tx = self.write_transaction().await?;
        let mut queued = 0;
        for digest in digests {
            queued += usize::from(tx.queue_digest(digest, now).await?);
        }
        tx.commit().await?;
        Ok(queued)
    }

    /// All emails of a subscriber, the oldest first.
    pub async fn emails_of(&self, subscriber: i64) -> Result<Vec<StoredEmail>> {
        let rows = sqlx::query!(
            r#"select d.kind, d.period, d.state, d.sent_at,
                      (select json_group_array(p.key order by x.position) from delivery_papers x join papers p on p.id = x.paper_id
                       where x.delivery_id = d.id) as "papers!: String"
               from deliveries d where d.subscriber_id = $1 order by d.id"#,
            subscriber
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(StoredEmail {
                    kind: row.kind.parse()?,
                    period: row.period,
                    state: row.state.parse()?,
                    sent_at: row.sent_at.and_then(|at| Timestamp::from_second(at).ok()),
                    papers: from_json(&row.papers)?,
                })
            })
            .collect()
    }
}

impl WriteTransaction {
    /// Queues one digest. `false` if it was queued before, has no papers left, or the subscriber is no longer due.
    async fn queue_digest(&mut self, digest: &NewDigest, now: i64) -> Result<bool> {
        let (subscriber, next_due) = (digest.subscriber, digest.next_due.as_second());
        let moved = sqlx::query!(
            "update subscribers set due_at = $1 where id = $2 and state = 'active' and due_at <= $3",
            next_due,
            subscriber,
            now
        )
        .execute(&mut *self.0)
        .await?;
        // Another process was faster, or the subscriber has left.
        if moved.rows_affected() == 0 || digest.papers.is_empty() {
            return Ok(false);
        }
        let Some(id) = self.insert_digest(digest, now).await? else {
            return Ok(false);
        };
        sqlx::query!(
            "update deliveries set state = 'dropped', last_error = 'its papers are in the next'
             where subscriber_id = $1 and kind = 'digest' and state in ('queued', 'deferred') and id <> $2",
            subscriber,
            id
        )
        .execute(&mut *self.0)
        .await?;
        let is_empty = self.insert_digest_papers(id, digest).await? == 0;
        if is_empty {
            sqlx::query!("delete from deliveries where id = $1", id)
                .execute(&mut *self.0)
                .await?;
        }
        Ok(!is_empty)
    }

    /// The row id of the new digest; `None` if that day was queued before.
    async fn insert_digest(&mut self, digest: &NewDigest, now: i64) -> Result<Option<i64>> {
        let tokens = &digest.tokens;
        let (nonce, unsubscribe, preferences) = (
            tokens.nonce.as_slice(),
            tokens.unsubscribe.as_slice(),
            tokens.preferences.as_slice(),
        );
        Ok(sqlx::query_scalar!(
            r#"insert into deliveries (subscriber_id, kind, period, next_try_at, domain, nonce, unsubscribe_hash, preferences_hash, queued_at)
               values ($1, 'digest', $2, $3, $4, $5, $6, $7, $3) on conflict (subscriber_id, kind, period) do nothing
               returning id as "id!""#,
            digest.subscriber,
            digest.day,
            now,
            digest.domain,
            nonce,
            unsubscribe,
            preferences
        )
        .fetch_optional(&mut *self.0)
        .await?)
    }

    /// Adds the papers of a digest and answers how many. It leaves out papers that were deleted since they were
    /// chosen, and those that an earlier digest has sent in the meantime.
    async fn insert_digest_papers(&mut self, id: i64, digest: &NewDigest) -> Result<u64> {
        let papers = to_json(&digest.papers)?;
        let written = sqlx::query!(
            "insert into delivery_papers (delivery_id, position, subscriber_id, issue_id, paper_id)
             select $1, cast(e.key as bigint), $2, cast(e.value ->> 1 as bigint), cast(e.value ->> 0 as bigint)
             from json_each($3) e
             where cast(e.value ->> 0 as bigint) in (select id from papers)
                 and not exists (select 1 from delivery_papers p join deliveries d on d.id = p.delivery_id
                                 where p.subscriber_id = $2 and p.paper_id = cast(e.value ->> 0 as bigint)
                                     and d.state in ('sending', 'sent'))",
            id,
            digest.subscriber,
            papers
        )
        .execute(&mut *self.0)
        .await?;
        Ok(written.rows_affected())
    }

    /// Queues the email that confirms that a subscription has ended: one per UTC day, even if the subscriber comes
    /// back and leaves again.
    pub async fn queue_goodbye(
        &mut self,
        subscriber: &Subscriber,
        tokens: &EmailTokens,
        now: Timestamp,
    ) -> Result<()> {
        let (now, period) = (now.as_second(), edition::utc_day(now).to_string());
        let domain = subscriber.domain();
        let (nonce, unsubscribe, preferences) = (
            tokens.nonce.as_slice(),
            tokens.unsubscribe.as_slice(),
            tokens.preferences.as_slice(),
        );
        sqlx::query!(
            "insert into deliveries (subscriber_id, kind, period, next_try_at, domain, nonce, unsubscribe_hash, preferences_hash, queued_at)
             values ($1, 'goodbye', $2, $3, $4, $5, $6, $7, $3) on conflict do nothing",
            subscriber.id,
            period,
            now,
            domain,
            nonce,
            unsubscribe,
            preferences
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Takes back the emails of a subscriber that wait to be sent.
    pub async fn drop_waiting_emails(&mut self, subscriber: i64) -> Result<()> {
        // These digests were not sent. Without their rows, a subscriber who comes back on the same day gets that
        // day's digest.
        sqlx::query!(
            "delete from deliveries where subscriber_id = $1 and state in ('queued', 'deferred', 'dropped') and kind = 'digest'",
            subscriber
        )
        .execute(&mut *self.0)
        .await?;
        // The rows of confirmation emails stay, because their unsubscribe links must keep working.
        sqlx::query!(
            "update deliveries set state = 'dropped'
             where subscriber_id = $1 and state in ('queued', 'deferred') and kind = 'confirm'",
            subscriber
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Whether a subscriber has got, or will get, the digest of this local day.
    pub async fn has_digest_of(&mut self, subscriber: i64, day: Date) -> Result<bool> {
        let day = day.to_string();
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from deliveries where subscriber_id = $1 and kind = 'digest' and period = $2) as "has!: bool""#,
            subscriber,
            day
        )
        .fetch_one(&mut *self.0)
        .await?)
    }
}
