//! `broadsheet backup`

use std::{
    io::{IsTerminal, stdout},
    path::Path,
    process::ExitCode,
};

use anyhow::bail;
use store::StoreError;

use crate::config::Settings;

/// Copies the database, whatever its schema.
pub async fn run(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    match store::backup(&settings.database.database, file).await {
        Ok(()) => {}
        Err(StoreError::TargetExists(_)) => {
            bail!("{} already exists; refusing to overwrite", file.display())
        }
        Err(error @ (StoreError::Missing(_) | StoreError::Foreign(_))) => {
            return Err(settings.database.explained(error));
        }
        Err(error @ (StoreError::Target { .. } | StoreError::DiskFull(_))) => {
            return Err(anyhow::Error::new(error).context(format!("cannot write {}", file.display())));
        }
        Err(error) => {
            return Err(anyhow::Error::new(error).context(format!(
                "cannot copy {} (BROADSHEET_DATABASE) to {}",
                settings.database.database.display(),
                file.display()
            )));
        }
    }
    if stdout().is_terminal() {
        println!("backed up to {}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}
