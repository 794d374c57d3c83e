//! Files that commands write.

use std::{fs::File, path::Path};

use anyhow::{Context, ensure};

use crate::config::DatabaseSettings;

/// Creates a file to write, or empties an existing one. Refuses the database and the files that SQLite keeps beside it.
pub fn create(database: &DatabaseSettings, path: &Path) -> anyhow::Result<File> {
    ensure!(
        !database.is_part(path),
        "{} is the database itself",
        path.display()
    );
    File::create(path).with_context(|| format!("cannot write {}", path.display()))
}
