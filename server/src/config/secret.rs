//! The secret that signs cookies and makes the tokens of emailed links.

use std::{io, path::Path};

use anyhow::{Context, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use clap::Args;
use store::{
    SecretPlace, Store, private_file,
    tokens::{Secret, random_bytes},
};

use super::database::DatabaseSettings;

/// The shortest secret, in characters.
const MIN_LENGTH: usize = 16;

/// Where the secret comes from.
#[derive(Debug, Clone, Args)]
pub struct SecretSettings {
    /// Secret for cookies and emailed links, at least 16 characters; if unset, generated into DATABASE.secret
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_SECRET",
        hide_env_values = true,
        value_name = "TEXT"
    )]
    pub secret: Option<String>,
}

impl SecretSettings {
    /// The secret: configured, or in the file beside the database. The first call on a new database writes one; a secret
    /// that an earlier release stored in the database moves to the file.
    pub async fn load_or_create(&self, database: &DatabaseSettings, store: &Store) -> anyhow::Result<Secret> {
        if let Some(secret) = self.configured()? {
            return Ok(secret);
        }
        let (file, place) = (database.secret_file(), store.secret_place().await?);
        let secret = match (read(&file)?, &place) {
            (Some(secret), _) => secret,
            (None, SecretPlace::File(_)) => return Err(missing(&file)),
            (None, SecretPlace::Database(secret)) => written(&file, secret)?,
            (None, SecretPlace::Nowhere) => written(&file, &random_secret()?)?,
        };
        ensure_accepted(&place, &secret, &file)?;
        if !matches!(place, SecretPlace::File(_)) {
            let place = store.secret_is_in_file(&secret).await?;
            ensure_accepted(&place, &secret, &file)?;
        }
        Ok(Secret::new(&secret))
    }

    /// The same, but stores nothing: without a stored secret it is a random one, and the links made with it do not work.
    pub async fn load_or_random(&self, database: &DatabaseSettings, store: &Store) -> anyhow::Result<Secret> {
        if let Some(secret) = self.configured()? {
            return Ok(secret);
        }
        let (file, place) = (database.secret_file(), store.secret_place().await?);
        Ok(match (read(&file)?, place) {
            (Some(secret), place) => {
                ensure_accepted(&place, &secret, &file)?;
                Secret::new(&secret)
            }
            (None, SecretPlace::File(_)) => return Err(missing(&file)),
            (None, SecretPlace::Database(secret)) => Secret::new(&secret),
            (None, SecretPlace::Nowhere) => Secret::new(&random_secret()?),
        })
    }

    /// The secret in the setting, if there is one.
    pub fn configured(&self) -> anyhow::Result<Option<Secret>> {
        let Some(secret) = &self.secret else {
            return Ok(None);
        };
        ensure!(
            secret.len() >= MIN_LENGTH,
            "BROADSHEET_SECRET is shorter than {MIN_LENGTH} characters; use, for example, the output of `openssl rand -hex 32`"
        );
        Ok(Some(Secret::new(secret.as_bytes())))
    }
}

/// The bytes in a secret file; `None` if there is no such file.
pub fn read(file: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let secret = BASE64_STANDARD.decode(text.trim()).ok();
            let secret = secret.filter(|secret| secret.len() >= MIN_LENGTH);
            secret.map(Some).with_context(|| {
                format!(
                    "{} does not contain a Broadsheet secret; restore it from a backup",
                    file.display()
                )
            })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read the secret in {}", file.display())),
    }
}

/// Writes a secret, unless another process has written one. Answers the one that is in the file.
fn written(file: &Path, secret: &[u8]) -> anyhow::Result<Vec<u8>> {
    let text = format!("{}\n", BASE64_STANDARD.encode(secret));
    match private_file::write(file, text.as_bytes(), false) {
        Ok(()) => Ok(secret.to_vec()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            read(file)?.with_context(|| format!("{} was removed", file.display()))
        }
        Err(error) => Err(error).with_context(|| format!("cannot write the secret to {}", file.display())),
    }
}

fn ensure_accepted(place: &SecretPlace, secret: &[u8], file: &Path) -> anyhow::Result<()> {
    ensure!(
        place.accepts(secret),
        "{} holds the secret of another database; restore the file that belongs to this one (`broadsheet backup FILE` writes it as FILE.secret)",
        file.display()
    );
    Ok(())
}

fn missing(file: &Path) -> anyhow::Error {
    anyhow::anyhow!(
        "the secret of the database is missing: there is no {}; restore it (`broadsheet backup FILE` writes it as FILE.secret), or set BROADSHEET_SECRET to a new one, which invalidates all cookies and emailed links",
        file.display()
    )
}

fn random_secret() -> anyhow::Result<[u8; 64]> {
    random_bytes().context("the operating system gives no random bytes")
}
