//! The secret that signs cookies and makes the tokens of emailed links.

use anyhow::{Context, ensure};
use clap::Args;
use store::{
    Store,
    tokens::{Secret, random_bytes},
};

/// The shortest secret, in characters.
const MIN_LENGTH: usize = 16;

/// Where the secret comes from.
#[derive(Debug, Clone, Args)]
pub struct SecretSettings {
    /// Secret for cookies and emailed links, at least 16 characters; generated and stored in the database if unset
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
    /// The secret: configured, or stored in the database. The first call on a new database stores one.
    pub async fn load_or_create(&self, store: &Store) -> anyhow::Result<Secret> {
        match self.configured()? {
            Some(secret) => Ok(secret),
            None => Ok(Secret::new(&store.secret_or(random_secret()?).await?)),
        }
    }

    /// The same, but stores nothing: without a stored secret it is a random one, and the links made with it do not work.
    pub async fn load_or_random(&self, store: &Store) -> anyhow::Result<Secret> {
        if let Some(secret) = self.configured()? {
            return Ok(secret);
        }
        Ok(match store.stored_secret().await? {
            Some(secret) => Secret::new(&secret),
            None => Secret::new(&random_secret()?),
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

fn random_secret() -> anyhow::Result<[u8; 64]> {
    random_bytes().context("the operating system gives no random bytes")
}
