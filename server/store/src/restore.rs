//! Putting a copy of a database back.

use std::{io, path::Path, time::Duration};

use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use crate::{
    backup::backup,
    error::{Result, StoreError},
    private_file::{sync_folder, with_suffix},
    schema,
};

/// Puts the copy at `from` in the place of the database at `database`. When this returns, it is on the disk.
///
/// # Errors
/// [`StoreError::Missing`], [`StoreError::Foreign`] or [`StoreError::NewerSchema`] for the copy; [`StoreError::Busy`] if
/// a process has the database open. After an error, the database is as before.
pub async fn restore(from: &Path, database: &Path) -> Result<()> {
    schema::inspect(from).await?.not_newer()?;
    close_log(database).await?;
    let new = with_suffix(database, ".restoring");
    let failed = |source: io::Error| StoreError::Target {
        path: database.to_owned(),
        source,
    };
    // Left by a restore that was killed.
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    backup(from, &new).await?;
    // The log of another database must not be applied to this one.
    for suffix in ["-wal", "-shm"] {
        match std::fs::remove_file(with_suffix(database, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
    }
    std::fs::rename(&new, database)
        .and_then(|()| sync_folder(database))
        .map_err(failed)
}

/// Ends the write-ahead log of a database. SQLite refuses this while another connection is open.
async fn close_log(database: &Path) -> Result<()> {
    if !database.exists() {
        return Ok(());
    }
    let options = SqliteConnectOptions::new()
        .filename(database)
        .busy_timeout(Duration::from_millis(200));
    let closed = async {
        let mut connection = options.connect().await?;
        let mode = sqlx::query("pragma journal_mode = delete")
            .execute(&mut connection)
            .await;
        connection.close().await?;
        mode.map(drop)
    };
    match closed.await.map_err(StoreError::from) {
        Err(error @ StoreError::Busy(_)) => Err(error),
        // A damaged database is a reason to restore a copy.
        _ => Ok(()),
    }
}
