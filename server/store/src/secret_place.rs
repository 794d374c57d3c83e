//! Where the generated secret of a database is.
//!
//! It is a file beside the database, so that a copy of the database alone opens nothing. The database holds a SHA-256
//! of it: another file is noticed. Releases before 0.2 stored the secret in the database.

use std::path::Path;

use sha2::{Digest, Sha256};
use sqlx::{ConnectOptions, Connection};

use crate::{connection::reading, error::Result, store::Store};

/// Where the generated secret of a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// There is none yet.
    Nowhere,
    /// In the database: this one.
    Database(Vec<u8>),
    /// In a file, with this SHA-256.
    File(Vec<u8>),
}

impl SecretPlace {
    /// Whether a secret in a file can be that of the database.
    pub fn accepts(&self, secret: &[u8]) -> bool {
        match self {
            Self::Nowhere => true,
            Self::Database(stored) => stored == secret,
            Self::File(hash) => Sha256::digest(secret).as_slice() == hash,
        }
    }
}

/// Where the secret of the database at `path` is, whatever its schema.
pub async fn secret_place(path: &Path) -> Result<SecretPlace> {
    let mut connection = reading(path).connect().await?;
    let has_settings: bool = sqlx::query_scalar(
        "select exists (select 1 from sqlite_schema where type = 'table' and name = 'settings')",
    )
    .fetch_one(&mut connection)
    .await?;
    let rows: Vec<(String, Vec<u8>)> = if has_settings {
        sqlx::query_as(
            "select name, value from settings where name in ('secret', 'secret_hash') order by name",
        )
        .fetch_all(&mut connection)
        .await?
    } else {
        Vec::new()
    };
    connection.close().await?;
    Ok(match rows.into_iter().next() {
        Some((name, value)) if name == "secret" => SecretPlace::Database(value),
        Some((_, value)) => SecretPlace::File(value),
        None => SecretPlace::Nowhere,
    })
}

impl Store {
    /// Where the secret of this database is.
    pub async fn secret_place(&self) -> Result<SecretPlace> {
        secret_place(&self.path).await
    }

    /// Records that the secret is in a file, and removes it from the database, also from the bytes of deleted rows.
    /// Answers the place that holds now: another process may have been faster.
    pub async fn secret_is_in_file(&self, secret: &[u8]) -> Result<SecretPlace> {
        let hash = Sha256::digest(secret).to_vec();
        let mut connection = self.writer.acquire().await?;
        sqlx::query("pragma secure_delete = on")
            .execute(&mut *connection)
            .await?;
        let mut tx = connection.begin_with("begin immediate").await?;
        sqlx::query!(
            "insert into settings (name, value) values ('secret_hash', $1) on conflict do nothing",
            hash
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("delete from settings where name = 'secret'")
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        // The log still has the page with the secret.
        sqlx::query("pragma wal_checkpoint(truncate)")
            .execute(&mut *connection)
            .await?;
        sqlx::query("pragma secure_delete = off")
            .execute(&mut *connection)
            .await?;
        drop(connection);
        self.secret_place().await
    }
}
