//! People who asked for the daily mail, and what became of it.

use domain::EmailAddress;
use jiff::Timestamp;

use super::{Result, Store};

/// A confirmation link works this long.
const CONFIRM_SECONDS: i64 = 7 * 86_400;
/// A confirmation mail is not sent again to the same address before this has passed.
const CONFIRM_AGAIN_SECONDS: i64 = 600;
/// Confirmation mails to one address within a day: anybody can ask for them in anybody's name.
const CONFIRM_PER_DAY: i64 = 4;
/// A request that nobody confirmed is forgotten after this long: the address is not ours to keep.
const PENDING_SECONDS: i64 = 30 * 86_400;

/// A row of `subscribers`, as far as its pages and letters need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// Row id.
    pub id: i64,
    /// As typed.
    pub email: String,
    /// IANA zone.
    pub zone: String,
    /// 'pending', 'active' or 'stopped'.
    pub state: String,
    /// When the confirmation link stops working, Unix seconds.
    pub confirm_expires_at: Option<i64>,
    /// When the next daily mail is due, Unix seconds.
    pub due_at: Option<i64>,
}

impl Subscriber {
    /// Receives the daily mail.
    pub fn is_active(&self) -> bool {
        self.state == "active"
    }

    /// Its confirmation link no longer works at `now`.
    pub fn link_has_expired(&self, now: Timestamp) -> bool {
        self.confirm_expires_at
            .is_none_or(|expires| expires < now.as_second())
    }
}

/// Tokens of a letter about to be queued: what the database keeps of them.
#[derive(Debug, Clone, Copy)]
pub struct LetterTokens {
    /// Random; the tokens are made from it.
    pub nonce: [u8; 16],
    /// Hash of the confirmation token.
    pub confirm: [u8; 32],
    /// Hash of the unsubscribe token.
    pub unsubscribe: [u8; 32],
}

/// What pressing the button behind a confirmation mail did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// The subscription is on; a first mail is due.
    Now(Subscriber),
    /// It was on already: the button was pressed before.
    Before(Subscriber),
    /// The link is too old.
    Expired,
    /// No such link.
    Unknown,
}

impl Store {
    /// Takes a request to subscribe: makes or renews a pending subscriber and queues the confirmation letter.
    /// `false` when there was nothing to do: active already, or asked within the last ten minutes. The caller must
    /// not tell the two apart.
    pub async fn request_subscription(
        &self,
        email: &EmailAddress,
        zone: &str,
        tokens: &LetterTokens,
        now: Timestamp,
    ) -> Result<bool> {
        let now = now.as_second();
        let (address, key) = (email.as_str(), email.key());
        let (expires, again) = (now + CONFIRM_SECONDS, now - CONFIRM_AGAIN_SECONDS);
        let a_day_ago = now - 86_400;
        let mut tx = self.begin().await?;
        // Asked again, the same link is sent again: whichever of the two mails is opened, it works.
        let earlier = sqlx::query!(
            r#"select d.nonce, s.confirm_hash as "confirm!" from subscribers s
               join deliveries d on d.subscriber_id = s.id and d.kind = 'confirm'
               where s.email_key = ? and s.state = 'pending' and s.confirm_expires_at > ? order by d.id desc limit 1"#,
            key,
            now
        )
        .fetch_optional(&mut *tx)
        .await?;
        let (nonce, confirm, unsubscribe) = match &earlier {
            // The way out of the earlier letter is that of this one too.
            Some(earlier) => (earlier.nonce.as_slice(), earlier.confirm.as_slice(), None),
            None => (
                tokens.nonce.as_slice(),
                tokens.confirm.as_slice(),
                Some(tokens.unsubscribe.as_slice()),
            ),
        };
        let id = sqlx::query_scalar!(
            r#"insert into subscribers (email, email_key, zone, state, created_at, confirm_hash, confirm_expires_at, confirm_sent_at)
               values (?1, ?2, ?3, 'pending', ?4, ?5, ?6, ?4)
               on conflict (email_key) do update set
                   email = excluded.email, zone = excluded.zone, state = 'pending', confirm_hash = excluded.confirm_hash,
                   confirm_expires_at = excluded.confirm_expires_at, confirm_sent_at = excluded.confirm_sent_at
               where state <> 'active' and (confirm_sent_at is null or confirm_sent_at <= ?7)
                   and (select count(*) from deliveries d where d.subscriber_id = subscribers.id and d.kind = 'confirm'
                        and d.queued_at > ?8) < ?9
               returning id as "id!""#,
            address,
            key,
            zone,
            now,
            confirm,
            expires,
            again,
            a_day_ago,
            CONFIRM_PER_DAY
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(id) = id else { return Ok(false) };
        let period = now.to_string();
        sqlx::query!(
            "insert into deliveries (subscriber_id, kind, period, next_try_at, nonce, unsubscribe_hash, queued_at)
             values (?1, 'confirm', ?2, ?3, ?4, ?5, ?3) on conflict do nothing",
            id,
            period,
            now,
            nonce,
            unsubscribe
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets requests that were never confirmed, and bookmarks whose undo has long passed.
    pub async fn forget_leftovers(&self, now: Timestamp) -> Result<()> {
        let (pending, removed) = (now.as_second() - PENDING_SECONDS, now.as_second() - 86_400);
        let mut tx = self.begin().await?;
        sqlx::query!(
            "delete from subscribers where state = 'pending' and confirm_sent_at < ?",
            pending
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("delete from bookmarks where removed_at < ?", removed)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The subscriber a confirmation link belongs to.
    pub async fn subscriber_by_confirm(&self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        Ok(sqlx::query_as!(
            Subscriber,
            r#"select id as "id!", email, zone, state, confirm_expires_at, due_at from subscribers where confirm_hash = ?"#,
            hash
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// Turns a subscription on. Pressing twice is the same as once. `first_due` is computed from the zone.
    pub async fn confirm(
        &self,
        hash: &[u8; 32],
        now: Timestamp,
        first_due: impl FnOnce(&str) -> Timestamp,
    ) -> Result<Confirmed> {
        let Some(subscriber) = self.subscriber_by_confirm(hash).await? else {
            return Ok(Confirmed::Unknown);
        };
        let at = now.as_second();
        match subscriber.state.as_str() {
            "active" => return Ok(Confirmed::Before(subscriber)),
            // Unsubscribing ends the old link too: a scanner or an old mail must not turn it on again.
            "stopped" => return Ok(Confirmed::Unknown),
            _ => {}
        }
        if subscriber.link_has_expired(now) {
            return Ok(Confirmed::Expired);
        }
        let due = first_due(&subscriber.zone).as_second();
        let changed = sqlx::query!(
            "update subscribers set state = 'active', confirmed_at = ?, due_at = ? where id = ? and state = 'pending'",
            at,
            due,
            subscriber.id
        )
        .execute(&self.writer)
        .await?;
        let subscriber = Subscriber {
            state: "active".to_owned(),
            due_at: Some(due),
            ..subscriber
        };
        Ok(if changed.rows_affected() == 1 {
            Confirmed::Now(subscriber)
        } else {
            Confirmed::Before(subscriber)
        })
    }

    /// The subscriber an unsubscribe link belongs to.
    pub async fn subscriber_by_unsubscribe(&self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let hash = hash.as_slice();
        Ok(sqlx::query_as!(
            Subscriber,
            r#"select s.id as "id!", s.email, s.zone, s.state, s.confirm_expires_at, s.due_at
               from deliveries d join subscribers s on s.id = d.subscriber_id where d.unsubscribe_hash = ?"#,
            hash
        )
        .fetch_optional(&self.readers)
        .await?)
    }

    /// Turns a subscription off; letters still waiting are dropped. Doing so twice is the same as once. `None` when
    /// there is no such link.
    pub async fn unsubscribe(&self, hash: &[u8; 32]) -> Result<Option<Subscriber>> {
        let Some(subscriber) = self.subscriber_by_unsubscribe(hash).await? else {
            return Ok(None);
        };
        let mut tx = self.begin().await?;
        sqlx::query!(
            "update subscribers set state = 'stopped', due_at = null where id = ?",
            subscriber.id
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            "update deliveries set state = 'dropped' where subscriber_id = ? and state = 'queued'",
            subscriber.id
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(Subscriber {
            state: "stopped".to_owned(),
            due_at: None,
            ..subscriber
        }))
    }
}
