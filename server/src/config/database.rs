//! The database file: who may create it, and who may upgrade it.

use std::path::{Path, PathBuf};

use clap::Args;
use store::{
    Store, StoreError,
    private_file::{self, with_suffix},
    schema::{self, Schema},
};

use super::{switch::Switch, upgrade_copy};

/// The database file.
#[derive(Debug, Clone, Args)]
pub struct DatabaseSettings {
    /// Database file
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_DATABASE",
        default_value = "broadsheet.db",
        value_name = "FILE"
    )]
    pub database: PathBuf,
    /// Before an upgrade, copy a database that holds papers to DATABASE.before-VERSION
    ///
    /// `serve`, `import`, `sync`, `rank`, `digest send` and `bounce` upgrade the database. A copy is never
    /// overwritten: if the name is taken, -2, -3 and so on is added.
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_BACKUP_BEFORE_UPGRADE",
        default_value = "on",
        value_name = "on|off",
        hide_possible_values = true
    )]
    pub backup_before_upgrade: Switch,
}

impl DatabaseSettings {
    /// Opens the database for writing. Creates it if it does not exist, and upgrades it if it is older.
    pub async fn open_or_create(&self) -> anyhow::Result<Store> {
        match schema::inspect(&self.database).await {
            Ok(schema) => self.upgraded(&schema).await,
            Err(StoreError::Missing(_)) => self.migrated().await,
            Err(error) => Err(self.explained(error)),
        }
    }

    /// Opens an existing database for writing, and upgrades it if it is older.
    pub async fn open(&self) -> anyhow::Result<Store> {
        let schema = self.schema().await?;
        self.upgraded(&schema).await
    }

    /// Opens an existing database with the schema of this program. Nothing in it can be changed.
    pub async fn open_read_only(&self) -> anyhow::Result<Store> {
        Store::open_existing(&self.database)
            .await
            .map_err(|error| self.explained(error))
    }

    /// The schema of an existing database.
    pub async fn schema(&self) -> anyhow::Result<Schema> {
        schema::inspect(&self.database)
            .await
            .map_err(|error| self.explained(error))
    }

    /// The file with the generated secret.
    pub fn secret_file(&self) -> PathBuf {
        with_suffix(&self.database, ".secret")
    }

    /// Whether a path is the database, its secret, or one of the files that SQLite keeps beside it.
    pub fn is_part(&self, path: &Path) -> bool {
        let Ok(path) = path.canonicalize() else {
            return false;
        };
        ["", "-wal", "-shm", ".secret"].iter().any(|suffix| {
            with_suffix(&self.database, suffix)
                .canonicalize()
                .is_ok_and(|part| part == path)
        })
    }

    /// Adds the path, the setting and the way out to an error.
    pub fn explained(&self, error: StoreError) -> anyhow::Error {
        let path = self.database.display();
        match error {
            StoreError::Missing(_) => anyhow::anyhow!(
                "there is no database at {path} (BROADSHEET_DATABASE); `broadsheet serve`, `import` and `sync` create one"
            ),
            StoreError::OlderSchema { found, known } => anyhow::anyhow!(
                "the database {path} has schema {found}, and this program needs schema {known}; to upgrade it, run `broadsheet rank` or start `broadsheet serve`"
            ),
            StoreError::NewerSchema { found, known } => anyhow::anyhow!(
                "the database {path} has schema {found}, and this program knows only schema {known}; use the version of Broadsheet that upgraded it, or a newer one"
            ),
            StoreError::Foreign(_) => {
                anyhow::anyhow!("{path} is a database of another program (BROADSHEET_DATABASE)")
            }
            error => anyhow::Error::new(error)
                .context(format!("cannot open the database {path} (BROADSHEET_DATABASE)")),
        }
    }

    /// Opens a database that may be older, after a copy of it. Refuses a newer one.
    async fn upgraded(&self, schema: &Schema) -> anyhow::Result<Store> {
        schema.not_newer().map_err(|error| self.explained(error))?;
        if schema.pending.is_empty() {
            return self.migrated().await;
        }
        // Another process may be upgrading it.
        let _turn = upgrade_copy::turn(&self.database).await?;
        let schema = self.schema().await?;
        if !schema.pending.is_empty() && schema.papers > 0 && self.backup_before_upgrade.is_on() {
            upgrade_copy::write(&self.database, &schema).await?;
        }
        self.migrated().await
    }

    async fn migrated(&self) -> anyhow::Result<Store> {
        // SQLite gives its other files the permissions of the database. An error shows when the database is opened.
        let _ = private_file::create_new(&self.database);
        for suffix in ["", "-wal", "-shm", ".secret"] {
            private_file::narrow(&with_suffix(&self.database, suffix));
        }
        Store::open(&self.database)
            .await
            .map_err(|error| self.explained(error))
    }
}
