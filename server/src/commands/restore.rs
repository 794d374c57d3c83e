//! `broadsheet restore`

use std::{
    io::{ErrorKind, IsTerminal, stdout},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context, bail, ensure};
use store::{
    SecretPlace, StoreError,
    private_file::{self, with_suffix},
};

use crate::config::{Settings, secret};

/// Puts a backup and its secret in the place of the database.
pub async fn run(settings: &Settings, file: &Path, force: bool) -> anyhow::Result<ExitCode> {
    let database = &settings.database.database;
    ensure!(
        !settings.database.is_part(file),
        "{} is the database itself",
        file.display()
    );
    ensure!(
        force || !database.exists(),
        "{} already exists (BROADSHEET_DATABASE); --force replaces it, and everything since the backup is lost",
        database.display()
    );
    let place = store::secret_place(file)
        .await
        .with_context(|| format!("cannot read {}", file.display()))?;
    let secret = secret_of(settings, file, &place)?;
    match store::restore(file, database).await {
        Ok(()) => {}
        Err(StoreError::Busy(_)) => bail!(
            "{} is open in another process; stop Broadsheet first (`systemctl stop broadsheet`)",
            database.display()
        ),
        Err(error) => {
            return Err(anyhow::Error::new(error).context(format!("cannot restore {}", file.display())));
        }
    }
    put_secret(settings, secret)?;
    if stdout().is_terminal() {
        println!("restored {} to {}", file.display(), database.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// The file text of the secret that belongs to a backup; `None` if the backup itself holds it, or none is needed.
fn secret_of(settings: &Settings, file: &Path, place: &SecretPlace) -> anyhow::Result<Option<Vec<u8>>> {
    // Beside the backup, or still beside the database.
    for candidate in [with_suffix(file, ".secret"), settings.database.secret_file()] {
        if let Some(secret) = secret::read(&candidate)?
            && place.accepts(&secret)
            && *place != SecretPlace::Nowhere
        {
            let text =
                std::fs::read(&candidate).with_context(|| format!("cannot read {}", candidate.display()))?;
            return Ok(Some(text));
        }
    }
    ensure!(
        !matches!(place, SecretPlace::File(_)) || settings.secret.configured()?.is_some(),
        "there is no {} with the secret of this backup; without it no cookie and no emailed link works (or set BROADSHEET_SECRET)",
        with_suffix(file, ".secret").display()
    );
    Ok(None)
}

/// Puts the secret beside the database. Without one, a secret of another database must not stay there.
fn put_secret(settings: &Settings, secret: Option<Vec<u8>>) -> anyhow::Result<()> {
    let file = settings.database.secret_file();
    let put = match secret {
        Some(secret) => private_file::write(&file, &secret, true),
        None => match std::fs::remove_file(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        },
    };
    put.with_context(|| format!("cannot write {}", file.display()))
}
