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
}

impl super::WriteTransaction {
    /// Adds a reader.
    pub async fn add_reader(&mut self, token_hash: &[u8; 32], now: i64) -> Result<ReaderId> {
        let hash = token_hash.as_slice();
        let id = sqlx::query_scalar!(
            r#"insert into readers (token_hash, created_at) values ($1, $2) returning id as "id!""#,
            hash,
            now
        )
        .fetch_one(&mut *self.0)
        .await?;
        Ok(ReaderId(id))
    }

    /// Links a reader to a confirmed subscriber: from now on the bookmarks of this reader count in heat.
    pub async fn link_reader(&mut self, reader: ReaderId, subscriber: i64) -> Result<()> {
        sqlx::query!(
            "update readers set subscriber_id = $1 where id = $2",
            subscriber,
            reader.0
        )
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }
}
