//! A consistent copy of a database.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use sqlx::{ConnectOptions, Connection};

use crate::{
    connection::reading,
    error::{Result, StoreError},
};

/// Copies the database at `database` to the new file `to`, also while a server writes to it. The source may have any
/// schema and is not changed. When this returns, the copy is on the disk.
///
/// # Errors
/// [`StoreError::Missing`] without a source, [`StoreError::TargetExists`] when `to` exists. After any other error
/// nothing is left at `to`.
pub async fn backup(database: &Path, to: &Path) -> Result<()> {
    if !database.exists() {
        return Err(StoreError::Missing(database.to_owned()));
    }
    // A broken link counts as well: SQLite would write through it.
    if to.symlink_metadata().is_ok() {
        return Err(StoreError::TargetExists(to.to_owned()));
    }
    let copied = copy(database, to).await;
    if copied.is_err() {
        remove_partial(to);
    }
    copied
}

async fn copy(database: &Path, to: &Path) -> Result<()> {
    let mut connection = reading(database).connect().await?;
    let copied = sqlx::query("vacuum into $1")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await;
    connection.close().await?;
    copied?;
    let failed = |source: io::Error| StoreError::Target {
        path: to.to_owned(),
        source,
    };
    // SQLite does not wait for the disk here.
    File::open(to).and_then(|file| file.sync_all()).map_err(failed)
}

fn remove_partial(to: &Path) {
    for suffix in ["", "-journal"] {
        let mut path = to.as_os_str().to_owned();
        path.push(suffix);
        let path = PathBuf::from(path);
        if let Err(error) = std::fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %path.display(), %error, "cannot remove an incomplete copy");
        }
    }
}
