//! Addresses that are not written to any more, and what led to it. Only their HMACs are held: they outlast their
//! subscribers.

use domain::Suppression;
use jiff::Timestamp;

use super::{Result, Store, subscribers::silence};

/// Refusals of the less certain kind within [`REFUSAL_SECONDS`] that suppress an address: one each from three letters.
const MOST_REFUSALS: i64 = 3;
/// Refusals are counted over this long.
const REFUSAL_SECONDS: i64 = 30 * 86_400;
/// A suppressed address is tried again at its reader's wish at most this often.
const TRY_AGAIN_SECONDS: i64 = 86_400;

impl Store {
    /// Why this address is not written to; `None` when it is.
    pub async fn suppression(&self, address: &[u8; 32]) -> Result<Option<Suppression>> {
        let hash = address.as_slice();
        let row = sqlx::query!(
            "select reason, words, at from suppressions where address_hash = ?",
            hash
        )
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.map(|row| Suppression {
            is_complaint: row.reason == "complained",
            words: row.words,
            at: Timestamp::from_second(row.at).unwrap_or(Timestamp::UNIX_EPOCH),
        }))
    }

    /// Notes that a letter was refused for good. An address that `certainly` does not exist is suppressed at once, others
    /// after three letters. SaveOutcome twice of one letter it counts once. Answers whether it is suppressed now.
    pub async fn refuse(
        &self,
        address: &[u8; 32],
        subscriber: i64,
        letter: &str,
        certainly: bool,
        words: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let (hash, at) = (address.as_slice(), now.as_second());
        let since = at - REFUSAL_SECONDS;
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into refusals (address_hash, letter, at, words) values (?, ?, ?, ?) on conflict do nothing",
            hash,
            letter,
            at,
            words
        )
        .execute(&mut *tx)
        .await?;
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!" from refusals where address_hash = ? and at > ?"#,
            hash,
            since
        )
        .fetch_one(&mut *tx)
        .await?;
        let suppressed = certainly || count >= MOST_REFUSALS;
        if suppressed {
            sqlx::query!(
                "insert into suppressions (address_hash, reason, words, at) values (?, 'bounced', ?, ?) on conflict do nothing",
                hash,
                words,
                at
            )
            .execute(&mut *tx)
            .await?;
            silence(&mut tx, subscriber).await?;
        }
        tx.commit().await?;
        Ok(suppressed)
    }

    /// Notes that its reader called a letter spam, and writes no more to them. That outweighs everything else.
    pub async fn note_complaint(
        &self,
        address: &[u8; 32],
        subscriber: i64,
        words: &str,
        now: Timestamp,
    ) -> Result<()> {
        let (hash, at) = (address.as_slice(), now.as_second());
        let mut tx = self.begin().await?;
        sqlx::query!(
            "insert into suppressions (address_hash, reason, words, at) values (?1, 'complained', ?2, ?3)
             on conflict (address_hash) do update set reason = 'complained', words = ?2, at = ?3",
            hash,
            words,
            at
        )
        .execute(&mut *tx)
        .await?;
        silence(&mut tx, subscriber).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether a suppressed address may be tried once more at its reader's wish. A complaint is not overruled by whoever
    /// types the address.
    pub async fn may_try_again(&self, address: &[u8; 32], now: Timestamp) -> Result<bool> {
        let (hash, before) = (address.as_slice(), now.as_second() - TRY_AGAIN_SECONDS);
        Ok(sqlx::query_scalar!(
            r#"select exists (select 1 from suppressions where address_hash = ? and reason = 'bounced'
                              and coalesce(tried_at, 0) <= ?) as "may!: bool""#,
            hash,
            before
        )
        .fetch_one(&self.readers)
        .await?)
    }

    /// Notes that a suppressed address is tried once more.
    pub async fn note_try(&self, address: &[u8; 32], now: Timestamp) -> Result<()> {
        let (hash, at) = (address.as_slice(), now.as_second());
        sqlx::query!(
            "update suppressions set tried_at = ?2 where address_hash = ?1",
            hash,
            at
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Mail to this address was read: it is written to again.
    pub async fn lift_suppression(&self, address: &[u8; 32]) -> Result<()> {
        let hash = address.as_slice();
        let mut tx = self.begin().await?;
        sqlx::query!("delete from suppressions where address_hash = ?", hash)
            .execute(&mut *tx)
            .await?;
        sqlx::query!("delete from refusals where address_hash = ?", hash)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}
