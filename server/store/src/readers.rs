//! Anonymous readers, known by the hash of a random token in their cookie.

use crate::{error::Result, store::Store};

/// The row id of a reader. Only the store creates one, so the reader exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReaderId(pub(crate) i64);

impl Store {
    /// The reader with this token, if there is one.
    pub async fn reader(&self, token_hash: &[u8; 32]) -> Result<Option<ReaderId>> {
        let hash = token_hash.as_slice();
        let id = sqlx::query_scalar!(r#"select id as "id!" from readers where token_hash = $1"#, hash)
            .fetch_optional(&self.readers)
            .await?;
        Ok(id.map(ReaderId))
    }

    /// Creates a reader.
    pub async fn add_reader(&self, token_hash: &[u8; 32], now: i64) -> Result<ReaderId> {
        // Outside a transaction, the row is returned before the disk refuses it, and the error is lost.
        let mut tx = self.write_transaction().await?;
        let reader = tx.add_reader(token_hash, now).await?;
        tx.commit().await?;
        Ok(reader)
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
