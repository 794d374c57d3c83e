//! `broadsheet backup`

use std::{
    io::{ErrorKind, IsTerminal, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail, ensure};
use store::{
    SecretPlace, StoreError,
    private_file::{self, with_suffix},
};

use crate::config::Settings;

/// Copies the database, whatever its schema.
pub async fn run(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    let secret = copy_secret(settings, file)?;
    let copied = store::backup(&settings.database.database, file).await;
    if let (Err(_), Some(secret)) = (&copied, &secret) {
        // It was written a moment ago, for a copy that there is not.
        let _ = std::fs::remove_file(secret);
    }
    match copied {
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
    let is_moved = matches!(store::secret_place(file).await?, SecretPlace::File(_));
    ensure!(
        secret.is_some() || !is_moved || settings.secret.configured()?.is_some(),
        "{} is written, but there is no secret in {} to go with it",
        file.display(),
        settings.database.secret_file().display()
    );
    if stdout().is_terminal() {
        println!("backed up to {}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies the secret file, if there is one. Answers the copy.
fn copy_secret(settings: &Settings, file: &Path) -> anyhow::Result<Option<PathBuf>> {
    let copy = with_suffix(file, ".secret");
    let secret = settings.database.secret_file();
    let bytes = match std::fs::read(&secret) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", secret.display())),
    };
    ensure!(
        file.symlink_metadata().is_err(),
        "{} already exists; refusing to overwrite",
        file.display()
    );
    match private_file::write(&copy, &bytes, false) {
        Ok(()) => Ok(Some(copy)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} already exists; refusing to overwrite", copy.display())
        }
        Err(error) => Err(error).with_context(|| format!("cannot write {}", copy.display())),
    }
}
