//! Letters: queued once by key, leased to a sender, sent or tried again.

use domain::edition;
use jiff::Timestamp;

use super::{
    Result, Store, from_json,
    subscribers::{EmailTokens, Subscriber, rows},
    to_json,
};

/// A sender that has not answered for this long is taken to have died.
const LEASE_SECONDS: i64 = 900;

/// What a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailKind {
    /// "Please confirm".
    Confirm,
    /// The daily or weekly mail.
    Digest,
    /// "The mail has stopped".
    Goodbye,
}

impl EmailKind {
    /// As it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Digest => "digest",
            Self::Goodbye => "goodbye",
        }
    }
}

/// How a letter ends that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinalState {
    /// Refused for good.
    Bounced,
    /// Given up after its last try.
    Failed,
    /// Its address is not written to any more.
    Suppressed,
    /// No longer wanted.
    Dropped,
}

impl FinalState {
    fn code(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Failed => "failed",
            Self::Suppressed => "suppressed",
            Self::Dropped => "dropped",
        }
    }
}

/// A digest about to be queued; without papers, only the next due moment is set.
#[derive(Debug, Clone)]
pub struct NewDigest {
    /// To whom.
    pub subscriber: i64,
    /// The domain of their address.
    pub domain: String,
    /// Their local day.
    pub day: String,
    /// The papers in order, each with the issue it is chosen from.
    pub papers: Vec<(i64, i64)>,
    /// What the database keeps of its tokens.
    pub tokens: EmailTokens,
    /// When the next is due.
    pub next_due: Timestamp,
}

/// A letter that a sender has taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedEmail {
    /// Row id.
    pub id: i64,
    /// What it is.
    pub kind: EmailKind,
    /// The local day of a digest; of the others when they were asked for.
    pub period: String,
    /// How often it has been tried, this time included.
    pub attempts: u32,
    /// When it was first to be tried, or tried again.
    pub due_at: Timestamp,
    /// Its tokens are made from this.
    pub nonce: Vec<u8>,
    /// To whom.
    pub subscriber: Subscriber,
    /// The papers of a digest in order, each with its issue and why it is here; none of either in letters older than
    /// views.
    pub papers: Vec<EmailPaper>,
}

/// A paper of a digest.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct EmailPaper {
    /// Row id.
    pub paper_id: i64,
    /// The view it is from.
    pub view_id: Option<i64>,
    /// The day of its issue.
    pub day: Option<String>,
    /// Why it is here, in words.
    pub why: Option<String>,
}

impl Store {
    /// Subscribers whose mail is due at `now`, longest waiting first, at most `limit`.
    pub async fn due_subscribers(&self, now: Timestamp, limit: i64) -> Result<Vec<Subscriber>> {
        let now = now.as_second();
        Ok(rows!(
            "where s.state = 'active' and s.due_at <= ? order by s.due_at, s.id limit ?",
            now,
            limit
        )
        .fetch_all(&self.readers)
        .await?)
    }

    /// Queues digests and sets when the next are due: all together or none. Answers how many are new; a day that was
    /// queued before is not queued again. A digest still waiting gives way to the next, its papers with it: nobody wants
    /// two at once.
    pub async fn queue_digests(&self, digests: &[NewDigest], now: Timestamp) -> Result<usize> {
        let now = now.as_second();
        let mut tx = self.begin().await?;
        let mut queued = 0;
        for digest in digests {
            let (subscriber, next_due) = (digest.subscriber, digest.next_due.as_second());
            let moved = sqlx::query!(
                "update subscribers set due_at = ?1 where id = ?2 and state = 'active' and due_at <= ?3",
                next_due,
                subscriber,
                now
            )
            .execute(&mut *tx)
            .await?;
            // Another process has seen to it, or they have left.
            if moved.rows_affected() == 0 || digest.papers.is_empty() {
                continue;
            }
            let (nonce, unsubscribe, preferences) = (
                digest.tokens.nonce.as_slice(),
                digest.tokens.unsubscribe.as_slice(),
                digest.tokens.preferences.as_slice(),
            );
            let id = sqlx::query_scalar!(
                r#"insert into deliveries (subscriber_id, kind, period, next_try_at, domain, nonce, unsubscribe_hash, preferences_hash, queued_at)
                   values (?1, 'digest', ?2, ?3, ?4, ?5, ?6, ?7, ?3) on conflict (subscriber_id, kind, period) do nothing
                   returning id as "id!""#,
                subscriber,
                digest.day,
                now,
                digest.domain,
                nonce,
                unsubscribe,
                preferences
            )
            .fetch_optional(&mut *tx)
            .await?;
            let Some(id) = id else { continue };
            sqlx::query!(
                "update deliveries set state = 'dropped', last_error = 'its papers are in the next'
                 where subscriber_id = ? and kind = 'digest' and state in ('queued', 'deferred') and id <> ?",
                subscriber,
                id
            )
            .execute(&mut *tx)
            .await?;
            let papers = to_json(&digest.papers)?;
            // Since they were chosen, a digest that waited may have gone out; and a paper may have been deleted.
            let written = sqlx::query!(
                "insert into delivery_papers (delivery_id, position, subscriber_id, issue_id, paper_id)
                 select ?1, e.key, ?2, e.value ->> 1, e.value ->> 0 from json_each(?3) e
                 where (e.value ->> 0) in (select id from papers)
                     and not exists (select 1 from delivery_papers p join deliveries d on d.id = p.delivery_id
                                     where p.subscriber_id = ?2 and p.paper_id = (e.value ->> 0)
                                         and d.state in ('sending', 'sent'))",
                id,
                subscriber,
                papers
            )
            .execute(&mut *tx)
            .await?;
            if written.rows_affected() == 0 {
                sqlx::query!("delete from deliveries where id = ?", id)
                    .execute(&mut *tx)
                    .await?;
                continue;
            }
            queued += 1;
        }
        tx.commit().await?;
        Ok(queued)
    }

    /// Queues a goodbye, one a day.
    pub async fn queue_goodbye(
        &self,
        subscriber: &Subscriber,
        tokens: &EmailTokens,
        now: Timestamp,
    ) -> Result<()> {
        // One a day: whoever stops and comes back and stops has read it.
        let (now, period) = (now.as_second(), edition::utc_day(now).to_string());
        let domain = subscriber.domain();
        let (nonce, unsubscribe, preferences) = (
            tokens.nonce.as_slice(),
            tokens.unsubscribe.as_slice(),
            tokens.preferences.as_slice(),
        );
        sqlx::query!(
            "insert into deliveries (subscriber_id, kind, period, next_try_at, domain, nonce, unsubscribe_hash, preferences_hash, queued_at)
             values (?1, 'goodbye', ?2, ?3, ?4, ?5, ?6, ?7, ?3) on conflict do nothing",
            subscriber.id,
            period,
            now,
            domain,
            nonce,
            unsubscribe,
            preferences
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Whether any letter waits to be sent at `now`, but for those to the domains `held`.
    pub async fn has_email_due(&self, held: &[String], now: Timestamp) -> Result<bool> {
        let (now, held) = (now.as_second(), to_json(&held)?);
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from deliveries where state in ('queued', 'sending', 'deferred') and next_try_at <= ?1
                              and (state <> 'sending' or lease_until <= ?1)
                              and domain not in (select value from json_each(?2))) as "due!: bool""#,
            now,
            held
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// Takes up the letters that have waited longest, `limit` at most, for [`LEASE_SECONDS`]; none to the domains `held`.
    pub async fn lease_emails(
        &self,
        limit: i64,
        held: &[String],
        now: Timestamp,
    ) -> Result<Vec<LeasedEmail>> {
        let now = now.as_second();
        let (lease, held) = (now + LEASE_SECONDS, to_json(&held)?);
        let mut tx = self.begin().await?;
        let taken = sqlx::query!(
            r#"update deliveries set state = 'sending', attempts = attempts + 1, lease_until = ?2
               where id in (select id from deliveries where state in ('queued', 'sending', 'deferred') and next_try_at <= ?1
                            and (state <> 'sending' or lease_until <= ?1)
                            and domain not in (select value from json_each(?3)) order by next_try_at, id limit ?4)
               returning id as "id!", subscriber_id, kind, period, attempts, nonce, next_try_at"#,
            now,
            lease,
            held,
            limit
        )
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        let mut letters = Vec::with_capacity(taken.len());
        for row in taken {
            let subscriber = rows!("where s.id = ?", row.subscriber_id)
                .fetch_optional(&self.readers)
                .await?;
            // Deleted since: its letters with it.
            let Some(subscriber) = subscriber else { continue };
            let papers = sqlx::query_scalar!(
                r#"select json_group_array(json_object('paper_id', p.paper_id, 'view_id', i.view_id, 'day', i.day, 'why',
                              (select w.why from issue_papers w where w.issue_id = p.issue_id and w.paper_id = p.paper_id))
                          order by p.position) as "papers!: String"
                   from delivery_papers p left join issues i on i.id = p.issue_id where p.delivery_id = ?"#,
                row.id
            )
            .fetch_one(&self.readers)
            .await?;
            letters.push((
                row.next_try_at,
                LeasedEmail {
                    id: row.id,
                    kind: match row.kind.as_str() {
                        "confirm" => EmailKind::Confirm,
                        "goodbye" => EmailKind::Goodbye,
                        _ => EmailKind::Digest,
                    },
                    period: row.period,
                    attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
                    due_at: Timestamp::from_second(row.next_try_at).unwrap_or(Timestamp::UNIX_EPOCH),
                    nonce: row.nonce,
                    subscriber,
                    papers: from_json(&papers)?,
                },
            ));
        }
        // `returning` has no order.
        letters.sort_by_key(|(at, letter)| (*at, letter.id));
        Ok(letters.into_iter().map(|(_, letter)| letter).collect())
    }

    /// The mail server has these: row and try of each. Whatever is noted of a letter is noted of the try it was leased for:
    /// a sender that has overslept its lease overwrites nothing.
    pub async fn emails_sent(&self, letters: &[(i64, u32)], now: Timestamp) -> Result<()> {
        let (now, letters) = (now.as_second(), to_json(&letters)?);
        sqlx::query!(
            "update deliveries set state = 'sent', sent_at = ?1, lease_until = null, last_error = null
             where state = 'sending' and (id, attempts) in (select value ->> 0, value ->> 1 from json_each(?2))",
            now,
            letters
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// To be tried again at `at`.
    pub async fn email_deferred(&self, letter: &LeasedEmail, at: Timestamp, error: &str) -> Result<()> {
        let at = at.as_second();
        sqlx::query!(
            "update deliveries set state = 'deferred', next_try_at = ?, lease_until = null, last_error = ?
             where id = ? and state = 'sending' and attempts = ?",
            at,
            error,
            letter.id,
            letter.attempts
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Back to where it was: it was not tried, because it was not its turn.
    pub async fn email_put_back(&self, letter: &LeasedEmail) -> Result<()> {
        sqlx::query!(
            "update deliveries set state = iif(attempts > 1, 'deferred', 'queued'), attempts = attempts - 1, lease_until = null
             where id = ? and state = 'sending' and attempts = ?",
            letter.id,
            letter.attempts
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Not to be tried again.
    pub async fn email_ended(&self, letter: &LeasedEmail, end: FinalState, why: &str) -> Result<()> {
        let state = end.code();
        sqlx::query!(
            "update deliveries set state = ?, lease_until = null, last_error = ?
             where id = ? and state = 'sending' and attempts = ?",
            state,
            why,
            letter.id,
            letter.attempts
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// A letter that was sent has come back. `false` when that was known.
    pub async fn email_came_back(&self, id: i64, why: &str) -> Result<bool> {
        let changed = sqlx::query!(
            "update deliveries set state = 'bounced', last_error = ? where id = ? and state in ('sent', 'sending')",
            why,
            id
        )
        .execute(&self.writer)
        .await?;
        Ok(changed.rows_affected() > 0)
    }

    /// The letter of that row as a report about it needs it: what its tokens are made from, and whose it is. `None` too when
    /// it is older than its reader's last word that mail reaches them.
    pub async fn email_of(&self, id: i64) -> Result<Option<(Vec<u8>, Subscriber)>> {
        let row = sqlx::query!(
            "select d.nonce, d.subscriber_id from deliveries d join subscribers s on s.id = d.subscriber_id
             where d.id = ? and (d.kind = 'confirm' or d.queued_at >= coalesce(s.confirmed_at, 0))",
            id
        )
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let subscriber = rows!("where s.id = ?", row.subscriber_id)
            .fetch_optional(&self.readers)
            .await?;
        Ok(subscriber.map(|subscriber| (row.nonce, subscriber)))
    }
}
