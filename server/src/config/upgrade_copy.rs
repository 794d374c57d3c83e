//! The copy of a database that is made before an upgrade.

use std::path::{Path, PathBuf};

use anyhow::Context;
use store::schema::Schema;

/// Part of the name of a copy.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes a copy of the database beside it, and says so in the log.
pub async fn write(database: &Path, schema: &Schema) -> anyhow::Result<()> {
    let copy = free_path(database);
    store::backup(database, &copy).await.with_context(|| {
        format!(
            "cannot copy the database to {} before its upgrade; BROADSHEET_BACKUP_BEFORE_UPGRADE=off upgrades without a copy",
            copy.display()
        )
    })?;
    tracing::info!(
        copy = %copy.display(),
        from = schema.found,
        to = schema.known,
        "copied the database before its upgrade"
    );
    Ok(())
}

/// The first name for a copy that no file has.
fn free_path(database: &Path) -> PathBuf {
    let first = with_suffix(database, &format!(".before-{VERSION}"));
    std::iter::once(first)
        .chain((2..).map(|number| with_suffix(database, &format!(".before-{VERSION}-{number}"))))
        .find(|path| path.symlink_metadata().is_err())
        .unwrap_or_default()
}

/// The path with more text at its end.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}
