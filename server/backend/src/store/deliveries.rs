//! Letters: queued once by key, leased to a sender, sent or tried again.

use std::collections::HashSet;

use jiff::Timestamp;

use super::{
    Result, Store, from_json,
    subscribers::{LetterTokens, Subscriber},
    to_json,
};

/// A sender that has not answered for this long is taken to have died.
const LEASE_SECONDS: i64 = 300;

/// What a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterKind {
    /// "Please confirm".
    Confirm,
    /// The daily mail.
    Digest,
}

/// A letter that a sender has taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Row id.
    pub id: i64,
    /// What it is.
    pub kind: LetterKind,
    /// The day of a digest, or when a confirmation was asked.
    pub period: String,
    /// How often it has been tried, this time included.
    pub attempts: u32,
    /// Its tokens are made from this.
    pub nonce: Vec<u8>,
    /// To whom.
    pub subscriber: Subscriber,
    /// The papers of a digest, in order.
    pub papers: Vec<i64>,
}

impl Store {
    /// Subscribers whose daily mail is due at `now`, longest waiting first, at most `limit`.
    pub async fn due_subscribers(&self, now: Timestamp, limit: i64) -> Result<Vec<Subscriber>> {
        let now = now.as_second();
        Ok(sqlx::query_as!(
            Subscriber,
            r#"select id as "id!", email, zone, state, confirm_expires_at, due_at, hour, days, papers, paused_until from subscribers
               where state = 'active' and due_at <= ? order by due_at limit ?"#,
            now,
            limit
        )
        .fetch_all(&self.readers)
        .await?)
    }

    /// The papers a subscriber has been sent, or will be by a letter that waits.
    pub async fn papers_sent_to(&self, subscriber: i64) -> Result<HashSet<i64>> {
        let ids = sqlx::query_scalar!(
            r#"select json_group_array(p.paper_id) as "ids!: String" from deliveries d
               join delivery_papers p on p.delivery_id = d.id where d.subscriber_id = ? and d.state not in ('dropped', 'failed')"#,
            subscriber
        )
        .fetch_one(&self.readers)
        .await?;
        from_json(&ids)
    }

    /// Queues a subscriber's digest of one local day, if it has papers, and sets when the next is due: together or
    /// not at all. `false` when this day was queued before.
    pub async fn queue_digest(
        &self,
        subscriber: i64,
        day: &str,
        papers: &[i64],
        tokens: &LetterTokens,
        next_due: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let (now, next_due) = (now.as_second(), next_due.as_second());
        let mut tx = self.begin().await?;
        let mut queued = false;
        if !papers.is_empty() {
            let (nonce, unsubscribe, preferences) = (
                tokens.nonce.as_slice(),
                tokens.unsubscribe.as_slice(),
                tokens.preferences.as_slice(),
            );
            let id = sqlx::query_scalar!(
                r#"insert into deliveries (subscriber_id, kind, period, next_try_at, nonce, unsubscribe_hash, preferences_hash, queued_at)
                   values (?1, 'digest', ?2, ?3, ?4, ?5, ?6, ?3) on conflict (subscriber_id, kind, period) do nothing
                   returning id as "id!""#,
                subscriber,
                day,
                now,
                nonce,
                unsubscribe,
                preferences
            )
            .fetch_optional(&mut *tx)
            .await?;
            if let Some(id) = id {
                let papers = to_json(&papers)?;
                sqlx::query!(
                    "insert into delivery_papers (delivery_id, position, paper_id) select ?, key, value from json_each(?)",
                    id,
                    papers
                )
                .execute(&mut *tx)
                .await?;
                queued = true;
            }
        }
        sqlx::query!(
            "update subscribers set due_at = ? where id = ? and state = 'active'",
            next_due,
            subscriber
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(queued)
    }

    /// Whether any letter waits to be sent at `now`.
    pub async fn has_letter_due(&self, now: Timestamp) -> Result<bool> {
        let now = now.as_second();
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from deliveries where state in ('queued', 'sending') and next_try_at <= ?1
                              and (state = 'queued' or lease_until <= ?1)) as "due!: bool""#,
            now
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// Takes up the letter that has waited longest, for [`LEASE_SECONDS`]. `None` when nothing is due.
    pub async fn take_letter(&self, now: Timestamp) -> Result<Option<Letter>> {
        let now = now.as_second();
        let lease = now + LEASE_SECONDS;
        let mut tx = self.begin().await?;
        let row = sqlx::query!(
            r#"update deliveries set state = 'sending', attempts = attempts + 1, lease_until = ?2
               where id = (select id from deliveries where state in ('queued', 'sending') and next_try_at <= ?1
                           and (state = 'queued' or lease_until <= ?1) order by next_try_at, id limit 1)
               returning id as "id!", subscriber_id, kind, period, attempts, nonce"#,
            now,
            lease
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let subscriber = sqlx::query_as!(
            Subscriber,
            r#"select id as "id!", email, zone, state, confirm_expires_at, due_at, hour, days, papers, paused_until from subscribers where id = ?"#,
            row.subscriber_id
        )
        .fetch_one(&mut *tx)
        .await?;
        let papers = sqlx::query_scalar!(
            "select paper_id from delivery_papers where delivery_id = ? order by position",
            row.id
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(Letter {
            id: row.id,
            kind: if row.kind == "confirm" {
                LetterKind::Confirm
            } else {
                LetterKind::Digest
            },
            period: row.period,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            nonce: row.nonce,
            subscriber,
            papers,
        }))
    }

    /// The mail server has it.
    pub async fn letter_sent(&self, id: i64, now: Timestamp) -> Result<()> {
        let now = now.as_second();
        sqlx::query!("update deliveries set state = 'sent', sent_at = ?, lease_until = null, last_error = null where id = ?", now, id)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// To be tried again at `at`.
    pub async fn letter_deferred(&self, id: i64, at: Timestamp, error: &str) -> Result<()> {
        let at = at.as_second();
        sqlx::query!(
            "update deliveries set state = 'queued', next_try_at = ?, lease_until = null, last_error = ? where id = ?",
            at,
            error,
            id
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Not to be tried again.
    pub async fn letter_ended(&self, id: i64, failed: bool, why: &str) -> Result<()> {
        let state = if failed { "failed" } else { "dropped" };
        sqlx::query!(
            "update deliveries set state = ?, lease_until = null, last_error = ? where id = ?",
            state,
            why,
            id
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
