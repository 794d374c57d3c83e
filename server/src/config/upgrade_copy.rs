//! The copy of a database that is made before an upgrade.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use store::{
    private_file::with_suffix,
    schema::{Schema, inspect},
};

/// Part of the name of a copy.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes a copy of the database beside it, and says so in the log. A copy that an upgrade left before it failed is
/// used again: a service that restarts must not fill the disk.
pub async fn write(database: &Path, schema: &Schema) -> anyhow::Result<()> {
    let existing = existing_copies(database);
    if let Some(copy) = existing.last()
        && is_current(copy, database, schema).await
    {
        tracing::warn!(copy = %copy.display(), "the database was copied before an earlier try of this upgrade");
        return Ok(());
    }
    let copy = name(database, existing.len() + 1);
    store::backup(database, &copy).await.with_context(|| {
        format!(
            "cannot copy the database to {} before its upgrade; BROADSHEET_BACKUP_BEFORE_UPGRADE=off upgrades without a copy",
            copy.display()
        )
    })?;
    tracing::warn!(
        copy = %copy.display(),
        from = schema.found,
        to = schema.known,
        "copied the database before its upgrade"
    );
    Ok(())
}

/// The right to upgrade a database. It ends when this is dropped.
pub struct Turn {
    path: PathBuf,
    _lock: File,
}

/// Waits until no other process upgrades this database.
pub async fn turn(database: &Path) -> anyhow::Result<Turn> {
    let path = with_suffix(database, ".upgrade-lock");
    let lock_path = path.clone();
    let lock = tokio::task::spawn_blocking(move || {
        let file = File::create(lock_path)?;
        file.lock()?;
        io::Result::Ok(file)
    });
    let lock = lock
        .await?
        .context("cannot lock the database for its upgrade (is its folder writable?)")?;
    Ok(Turn { path, _lock: lock })
}

impl Drop for Turn {
    fn drop(&mut self) {
        // The database is upgraded by now, so a process that locks a new file of this name finds nothing to do.
        if let Err(error) = std::fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.path.display(), %error, "cannot remove a lock file");
        }
    }
}

/// Whether a copy holds what the database holds: nothing was written to the database since.
async fn is_current(copy: &Path, database: &Path, schema: &Schema) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|facts| facts.modified());
    let Ok(copied) = modified(copy) else { return false };
    let written = [database.to_owned(), with_suffix(database, "-wal")];
    let is_newer = written
        .iter()
        .filter_map(|file| modified(file).ok())
        .all(|written| written <= copied);
    is_newer && inspect(copy).await.is_ok_and(|copied| copied == *schema)
}

/// The copies that there are, in the order in which they were made.
fn existing_copies(database: &Path) -> Vec<PathBuf> {
    (1..)
        .map(|number| name(database, number))
        .take_while(|path| path.symlink_metadata().is_ok())
        .collect()
}

/// The name of the first, second, … copy that this version makes.
fn name(database: &Path, number: usize) -> PathBuf {
    match number {
        1 => with_suffix(database, &format!(".before-{VERSION}")),
        number => with_suffix(database, &format!(".before-{VERSION}-{number}")),
    }
}
