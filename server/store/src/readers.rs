//! Anonymous readers, known by the hash of a random token in their cookie.

use super::{Result, Store};

/// A reader's row. Only the store makes them, so holding one means the reader exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReaderId(pub(super) i64);

impl Store {
    /// The reader with this token, if there is one.
    pub async fn reader(&self, token_hash: &[u8; 32]) -> Result<Option<ReaderId>> {
        let hash = token_hash.as_slice();
        let id = sqlx::query_scalar!(r#"select id as "id!" from readers where token_hash = ?"#, hash)
            .fetch_optional(&self.readers)
            .await?;
        Ok(id.map(ReaderId))
    }

    /// Makes a reader.
    pub async fn add_reader(&self, token_hash: &[u8; 32], now: i64) -> Result<ReaderId> {
        let hash = token_hash.as_slice();
        let id = sqlx::query_scalar!(
            r#"insert into readers (token_hash, created_at) values (?, ?) returning id as "id!""#,
            hash,
            now
        )
        .fetch_one(&self.writer)
        .await?;
        Ok(ReaderId(id))
    }

    /// Says that this reader has confirmed an address: their bookmarks count in heat.
    pub async fn confirm_reader(&self, reader: ReaderId, subscriber: i64) -> Result<()> {
        sqlx::query!(
            "update readers set subscriber_id = ? where id = ?",
            subscriber,
            reader.0
        )
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
