//! Sending emails: a sender leases an email, then records how its try ended.
//!
//! A lease belongs to one try. Whatever a sender records names that try, so a sender whose lease has expired changes
//! nothing.

use jiff::{SignedDuration, Timestamp};

use super::{
    DeliveryState, EmailKind, FinalState, Result, Store, Subscriber, from_json, subscriber::rows, to_json,
};

/// How long a lease lasts. Afterwards another sender may take the email.
const LEASE_SECONDS: i64 = 900;

/// An email that a sender has leased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedEmail {
    /// Row id.
    pub id: i64,
    /// What it is.
    pub kind: EmailKind,
    /// The local day of a digest; for other kinds, when the email was requested.
    pub period: String,
    /// The number of tries, this one included.
    pub attempts: u32,
    /// From when on this try was allowed.
    pub due_at: Timestamp,
    /// Its tokens are made from this.
    pub nonce: Vec<u8>,
    /// SHA-256 of its unsubscribe token. An email that repeats an earlier confirmation has the token of that one.
    pub unsubscribe_hash: Option<Vec<u8>>,
    /// Who gets it.
    pub subscriber: Subscriber,
    /// The papers of a digest, in order.
    pub papers: Vec<EmailPaper>,
}

/// A paper of a digest. Digests queued by old versions have papers only.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct EmailPaper {
    /// Row id.
    pub paper_id: i64,
    /// Row id of the search that found it.
    pub view_id: Option<i64>,
    /// The day of the issue.
    pub day: Option<String>,
    /// Why the paper is in the issue.
    pub why: Option<String>,
}

/// A leased row, before its subscriber and papers are read.
struct LeasedRow {
    id: i64,
    subscriber_id: i64,
    kind: String,
    period: String,
    attempts: i64,
    nonce: Vec<u8>,
    next_try_at: i64,
}

impl Store {
    /// Whether an email can be sent at `now`. Emails to the domains `held` do not count.
    pub async fn has_email_due(&self, held: &[String], now: Timestamp) -> Result<bool> {
        let (now, held) = (now.as_second(), to_json(&held)?);
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from deliveries where state in ('queued', 'sending', 'deferred') and next_try_at <= $1
                              and (state <> 'sending' or lease_until <= $1)
                              and domain not in (select e.value from json_each($2) e)) as "due!: bool""#,
            now,
            held
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// Whether an email waits for longer than `longest_pause` after `now`, or was queued well after
    /// `now`: the clock was ahead then.
    pub async fn has_email_ahead(&self, now: Timestamp, longest_pause: SignedDuration) -> Result<bool> {
        let now = now.as_second();
        let (latest_try, latest_lease) = (now + longest_pause.as_secs(), now + LEASE_SECONDS);
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from deliveries where state in ('queued', 'sending', 'deferred')
                              and (next_try_at > $1 or (state = 'sending' and lease_until > $2)
                                   or (state = 'queued' and next_try_at > $2))) as "ahead!: bool""#,
            latest_try,
            latest_lease
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// Makes such emails due at `now`, and ends such leases. Answers how many were changed.
    pub async fn bring_emails_forward(&self, now: Timestamp, longest_pause: SignedDuration) -> Result<u64> {
        let now = now.as_second();
        let (latest_try, latest_lease) = (now + longest_pause.as_secs(), now + LEASE_SECONDS);
        let changed = sqlx::query!(
            "update deliveries set next_try_at = case when next_try_at > $1 then $1 else next_try_at end,
                 lease_until = case when state = 'sending' and lease_until > $3 then $1 else lease_until end
             where state in ('queued', 'sending', 'deferred')
                 and (next_try_at > $2 or (state = 'sending' and lease_until > $3)
                      or (state = 'queued' and next_try_at > $3))",
            now,
            latest_try,
            latest_lease
        )
        .execute(&self.writer)
        .await?;
        Ok(changed.rows_affected())
    }

    /// Leases the emails that have waited longest, at most `limit`, and none to the domains `held`.
    pub async fn lease_emails(
        &self,
        limit: i64,
        held: &[String],
        now: Timestamp,
    ) -> Result<Vec<LeasedEmail>> {
        let now = now.as_second();
        let (lease, held) = (now + LEASE_SECONDS, to_json(&held)?);
        let mut tx = self.write_transaction().await?;
        let mut leased = sqlx::query_as!(
            LeasedRow,
            r#"update deliveries set state = 'sending', attempts = attempts + 1, lease_until = $2
               where id in (select id from deliveries where state in ('queued', 'sending', 'deferred') and next_try_at <= $1
                            and (state <> 'sending' or lease_until <= $1)
                            and domain not in (select e.value from json_each($3) e) order by next_try_at, id limit $4)
               returning id as "id!", subscriber_id, kind, period, attempts, nonce, next_try_at"#,
            now,
            lease,
            held,
            limit
        )
        .fetch_all(&mut *tx.0)
        .await?;
        tx.commit().await?;
        // `returning` has no order.
        leased.sort_by_key(|row| (row.next_try_at, row.id));
        let mut emails = Vec::with_capacity(leased.len());
        for row in leased {
            emails.extend(self.leased_email(row).await?);
        }
        Ok(emails)
    }

    /// A leased email with its subscriber and papers; `None` if the subscriber was deleted in the meantime.
    async fn leased_email(&self, row: LeasedRow) -> Result<Option<LeasedEmail>> {
        let subscriber = rows!("where s.id = $1", row.subscriber_id)
            .fetch_optional(&self.readers)
            .await?;
        let Some(subscriber) = subscriber else {
            return Ok(None);
        };
        let unsubscribe_hash = sqlx::query_scalar!(
            r#"select unsubscribe_hash as "hash!" from deliveries
               where subscriber_id = $1 and nonce = $2 and unsubscribe_hash is not null limit 1"#,
            row.subscriber_id,
            row.nonce
        )
        .fetch_optional(&self.readers)
        .await?;
        let papers = sqlx::query_scalar!(
            r#"select json_group_array(json_object('paper_id', p.paper_id, 'view_id', i.view_id, 'day', i.day, 'why',
                          (select w.why from issue_papers w where w.issue_id = p.issue_id and w.paper_id = p.paper_id))
                      order by p.position) as "papers!: String"
               from delivery_papers p left join issues i on i.id = p.issue_id where p.delivery_id = $1"#,
            row.id
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(Some(LeasedEmail {
            id: row.id,
            kind: row.kind.parse()?,
            period: row.period,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            due_at: Timestamp::from_second(row.next_try_at).unwrap_or(Timestamp::UNIX_EPOCH),
            nonce: row.nonce,
            unsubscribe_hash,
            subscriber: subscriber.try_into()?,
            papers: from_json(&papers)?,
        }))
    }

    /// Records that the mail server has accepted these emails: row id and number of the try.
    pub async fn emails_sent(&self, emails: &[(i64, u32)], now: Timestamp) -> Result<()> {
        let (now, emails) = (now.as_second(), to_json(&emails)?);
        sqlx::query!(
            "update deliveries set state = 'sent', sent_at = $1, lease_until = null, last_error = null
             where state = 'sending' and (id, attempts) in
                 (select cast(e.value ->> 0 as bigint), cast(e.value ->> 1 as bigint) from json_each($2) e)",
            now,
            emails
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Records that an email is to be tried again at `at`.
    pub async fn email_deferred(&self, email: &LeasedEmail, at: Timestamp, error: &str) -> Result<()> {
        let (at, attempts) = (at.as_second(), i64::from(email.attempts));
        sqlx::query!(
            "update deliveries set state = 'deferred', next_try_at = $1, lease_until = null, last_error = $2
             where id = $3 and state = 'sending' and attempts = $4",
            at,
            error,
            email.id,
            attempts
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Gives a lease back. The email was not tried, so the try does not count.
    pub async fn email_put_back(&self, email: &LeasedEmail) -> Result<()> {
        let attempts = i64::from(email.attempts);
        sqlx::query!(
            "update deliveries set state = case when attempts > 1 then 'deferred' else 'queued' end,
                 attempts = attempts - 1, lease_until = null
             where id = $1 and state = 'sending' and attempts = $2",
            email.id,
            attempts
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Records that an email is not tried again, and why.
    pub async fn email_ended(&self, email: &LeasedEmail, end: FinalState, why: &str) -> Result<()> {
        let (state, attempts) = (DeliveryState::from(end).code(), i64::from(email.attempts));
        sqlx::query!(
            "update deliveries set state = $1, lease_until = null, last_error = $2
             where id = $3 and state = 'sending' and attempts = $4",
            state,
            why,
            email.id,
            attempts
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Records that a sent email was returned. `false` if that was known.
    pub async fn email_returned(&self, id: i64, why: &str) -> Result<bool> {
        let changed = sqlx::query!(
            "update deliveries set state = 'bounced', last_error = $1 where id = $2 and state in ('sent', 'sending')",
            why,
            id
        )
        .execute(&self.writer)
        .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// The nonce and the subscriber of an email, for a report about it. `None` if the subscriber was deleted, or has
    /// confirmed the address after the email was queued.
    pub async fn reported_email(&self, id: i64) -> Result<Option<(Vec<u8>, Subscriber)>> {
        let row = sqlx::query!(
            "select d.nonce, d.subscriber_id from deliveries d join subscribers s on s.id = d.subscriber_id
             where d.id = $1 and (d.kind = 'confirm' or d.queued_at >= coalesce(s.confirmed_at, 0))",
            id
        )
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let subscriber = rows!("where s.id = $1", row.subscriber_id)
            .fetch_optional(&self.readers)
            .await?;
        subscriber
            .map(|subscriber| Ok((row.nonce, subscriber.try_into()?)))
            .transpose()
    }
}
