//! Addresses that get no email, and the refusals that led to it. The tables hold HMACs of the addresses, because they
//! outlast their subscribers.

use domain::Suppression;
use jiff::Timestamp;

use super::{Result, Store, StoreError, WriteTransaction};

/// This many less certain refusals within [`REFUSAL_SECONDS`], each of another email, suppress an address.
const MAX_REFUSALS: i64 = 3;
/// Refusals count for this long.
const REFUSAL_SECONDS: i64 = 30 * 86_400;
/// How often the reader of a suppressed address may ask for one more email.
const TRY_AGAIN_SECONDS: i64 = 86_400;

/// HMACs of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressHash {
    /// What is stored.
    pub current: [u8; 32],
    /// What releases before 0.2 stored. It is only looked for.
    pub old: [u8; 32],
}

/// A refused email.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'a> {
    /// HMACs of the address.
    pub address: &'a AddressHash,
    /// Row id of the subscriber.
    pub subscriber: i64,
    /// The mark of the email: reports about one email count once.
    pub email: &'a str,
    /// Whether the address certainly does not exist.
    pub is_certain: bool,
    /// What the mail server said.
    pub words: &'a str,
}

impl Store {
    /// Why this address is suppressed; `None` if it is not.
    pub async fn suppression(&self, address: &AddressHash) -> Result<Option<Suppression>> {
        let (hash, old) = (address.current.as_slice(), address.old.as_slice());
        let row = sqlx::query!(
            "select reason, words, at from suppressions where address_hash in ($1, $2)
             order by reason = 'complained' desc limit 1",
            hash,
            old
        )
        .fetch_optional(&self.readers)
        .await?;
        row.map(|row| suppression(&row.reason, row.words, row.at))
            .transpose()
    }

    /// Records a permanent refusal. An address that certainly does not exist is suppressed at once, others after
    /// `MAX_REFUSALS` emails. Answers whether the address is suppressed now.
    pub async fn record_refusal(&self, refusal: Refusal<'_>, now: Timestamp) -> Result<bool> {
        let (hash, old) = (refusal.address.current.as_slice(), refusal.address.old.as_slice());
        let at = now.as_second();
        let since = at - REFUSAL_SECONDS;
        let mut tx = self.write_transaction().await?;
        sqlx::query!(
            "insert into refusals (address_hash, letter, at, words) values ($1, $2, $3, $4) on conflict do nothing",
            hash,
            refusal.email,
            at,
            refusal.words
        )
        .execute(&mut *tx.0)
        .await?;
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!" from refusals where address_hash in ($1, $2) and at > $3"#,
            hash,
            old,
            since
        )
        .fetch_one(&mut *tx.0)
        .await?;
        let suppressed = refusal.is_certain || count >= MAX_REFUSALS;
        if suppressed {
            sqlx::query!(
                "insert into suppressions (address_hash, reason, words, at) values ($1, 'bounced', $2, $3) on conflict do nothing",
                hash,
                refusal.words,
                at
            )
            .execute(&mut *tx.0)
            .await?;
            tx.silence_subscriber(refusal.subscriber).await?;
        }
        tx.commit().await?;
        Ok(suppressed)
    }

    /// Records that the reader reported an email as spam, and suppresses the address. A complaint replaces an earlier
    /// reason.
    pub async fn record_complaint(
        &self,
        address: &AddressHash,
        subscriber: i64,
        words: &str,
        now: Timestamp,
    ) -> Result<()> {
        let (hash, at) = (address.current.as_slice(), now.as_second());
        let mut tx = self.write_transaction().await?;
        sqlx::query!(
            "insert into suppressions (address_hash, reason, words, at) values ($1, 'complained', $2, $3)
             on conflict (address_hash) do update set reason = 'complained', words = excluded.words, at = excluded.at",
            hash,
            words,
            at
        )
        .execute(&mut *tx.0)
        .await?;
        tx.silence_subscriber(subscriber).await?;
        tx.commit().await
    }
}

impl WriteTransaction {
    /// Why this address is suppressed; `None` if it is not.
    pub async fn suppression(&mut self, address: &AddressHash) -> Result<Option<Suppression>> {
        let (hash, old) = (address.current.as_slice(), address.old.as_slice());
        let row = sqlx::query!(
            "select reason, words, at from suppressions where address_hash in ($1, $2)
             order by reason = 'complained' desc limit 1",
            hash,
            old
        )
        .fetch_optional(&mut *self.0)
        .await?;
        row.map(|row| suppression(&row.reason, row.words, row.at))
            .transpose()
    }

    /// Whether one more email may be sent to a suppressed address, because its reader asks for it. Not after a
    /// complaint: anyone can type the address.
    pub async fn may_try_again(&mut self, address: &AddressHash, now: Timestamp) -> Result<bool> {
        let (hash, old) = (address.current.as_slice(), address.old.as_slice());
        let before = now.as_second() - TRY_AGAIN_SECONDS;
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from suppressions where address_hash in ($1, $2))
                   and not exists (select 1 from suppressions where address_hash in ($1, $2)
                                   and (reason <> 'bounced' or tried_at > $3)) as "may!: bool""#,
            hash,
            old,
            before
        )
        .fetch_one(&mut *self.0)
        .await?)
    }

    /// Records that one more email is sent to a suppressed address.
    pub async fn record_try(&mut self, address: &AddressHash, now: Timestamp) -> Result<()> {
        let (hash, old) = (address.current.as_slice(), address.old.as_slice());
        let at = now.as_second();
        sqlx::query!(
            "update suppressions set tried_at = $3 where address_hash in ($1, $2)",
            hash,
            old,
            at
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Sends email to this address again, because its reader used a link in one.
    pub async fn lift_suppression(&mut self, address: &AddressHash) -> Result<()> {
        let (hash, old) = (address.current.as_slice(), address.old.as_slice());
        sqlx::query!(
            "delete from suppressions where address_hash in ($1, $2)",
            hash,
            old
        )
        .execute(&mut *self.0)
        .await?;
        sqlx::query!("delete from refusals where address_hash in ($1, $2)", hash, old)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    /// Deletes refusals older than `before` (Unix seconds).
    pub(super) async fn delete_refusals(&mut self, before: i64) -> Result<()> {
        sqlx::query!("delete from refusals where at < $1", before)
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }
}

/// Reads a row of `suppressions`.
fn suppression(reason: &str, words: String, at: i64) -> Result<Suppression> {
    let is_complaint = match reason {
        "bounced" => false,
        "complained" => true,
        other => {
            return Err(StoreError::Corrupt(format!(
                "“{other}” is not a reason for a suppression"
            )));
        }
    };
    Ok(Suppression {
        is_complaint,
        words,
        at: Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH),
    })
}
