//! A consistent copy of a database.

use std::{fs::File, io, path::Path};

use sqlx::{ConnectOptions, Connection};

use crate::{
    connection::reading,
    error::{Result, StoreError},
    private_file::{create_new, sync_folder, with_suffix},
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
    // A copy that is interrupted must not look like a whole one.
    let partial = with_suffix(to, ".partial");
    remove(&partial);
    let copied = match copy(database, &partial).await {
        Ok(()) => publish(&partial, to),
        Err(error) => Err(error),
    };
    remove(&partial);
    copied
}

/// Gives a complete copy its name, unless a file has it by now.
fn publish(partial: &Path, to: &Path) -> Result<()> {
    let failed = |source: io::Error| StoreError::Target {
        path: to.to_owned(),
        source,
    };
    match std::fs::hard_link(partial, to) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(StoreError::TargetExists(to.to_owned()));
        }
        // Some file systems have no hard links.
        Err(_) => std::fs::rename(partial, to).map_err(failed)?,
    }
    sync_folder(to).map_err(failed)?;
    Ok(())
}

async fn copy(database: &Path, to: &Path) -> Result<()> {
    // SQLite would ask only the umask who may read it.
    create_new(to).map_err(|source| StoreError::Target {
        path: to.to_owned(),
        source,
    })?;
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

fn remove(partial: &Path) {
    for path in [partial.to_owned(), with_suffix(partial, "-journal")] {
        if let Err(error) = std::fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %path.display(), %error, "cannot remove an incomplete copy");
        }
    }
}
