//! Which migrations a database file has, read without changing it.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::{
    connection::reading,
    error::{Result, StoreError},
};

/// The schema of a database file, beside the one that this program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// The number of the newest migration in the file; 0 for an empty file.
    pub found: i64,
    /// The number of the newest migration in this program.
    pub known: i64,
    /// Names of the migrations that the file lacks, in order, such as `0010_reading`.
    pub pending: Vec<String>,
    /// Papers in the file; 0 where there is no table for them yet.
    pub papers: u64,
}

impl Schema {
    /// Refuses a schema that a newer release wrote.
    pub fn not_newer(&self) -> Result<()> {
        let (found, known) = (self.found, self.known);
        if found > known {
            return Err(StoreError::NewerSchema { found, known });
        }
        Ok(())
    }

    /// Refuses a schema that is newer or older than this program.
    pub fn current(&self) -> Result<()> {
        self.not_newer()?;
        if !self.pending.is_empty() {
            return Err(StoreError::OlderSchema {
                found: self.found,
                known: self.known,
            });
        }
        Ok(())
    }
}

/// The number of the newest migration in this program.
pub fn known() -> i64 {
    migrations::MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

/// Reads the schema of the file at `path`, whatever release wrote it.
///
/// # Errors
/// [`StoreError::Missing`] when there is no such file; [`StoreError::Database`] when it is not a database;
/// [`StoreError::Foreign`] when another program wrote it.
pub async fn inspect(path: &Path) -> Result<Schema> {
    if !path.exists() {
        return Err(StoreError::Missing(path.to_owned()));
    }
    let mut connection = reading(path).connect().await?;
    let schema = read(&mut connection).await;
    let is_foreign = match &schema {
        Ok(schema) if schema.found == 0 => has_any_table(&mut connection).await,
        _ => Ok(false),
    };
    connection.close().await?;
    if is_foreign? {
        return Err(StoreError::Foreign(path.to_owned()));
    }
    schema
}

async fn read(connection: &mut SqliteConnection) -> Result<Schema> {
    // These statements run on any schema, so they cannot be checked against today's.
    let applied: Vec<i64> = match has_table(connection, "_sqlx_migrations").await? {
        true => {
            sqlx::query_scalar("select version from _sqlx_migrations where success order by version")
                .fetch_all(&mut *connection)
                .await?
        }
        false => Vec::new(),
    };
    let papers: i64 = match has_table(connection, "papers").await? {
        true => {
            sqlx::query_scalar("select count(*) from papers")
                .fetch_one(&mut *connection)
                .await?
        }
        false => 0,
    };
    Ok(Schema {
        found: applied.last().copied().unwrap_or(0),
        known: known(),
        pending: migrations::MIGRATIONS
            .iter()
            .filter(|migration| !applied.contains(&migration.version))
            .map(|migration| {
                format!(
                    "{:04}_{}",
                    migration.version,
                    migration.description.replace(' ', "_")
                )
            })
            .collect(),
        papers: u64::try_from(papers).unwrap_or(0),
    })
}

async fn has_any_table(connection: &mut SqliteConnection) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "select exists (select 1 from sqlite_schema where type = 'table' and name not in ('_sqlx_migrations', 'sqlite_sequence'))",
    )
    .fetch_one(connection)
    .await?)
}

async fn has_table(connection: &mut SqliteConnection, name: &str) -> Result<bool> {
    Ok(
        sqlx::query_scalar("select exists (select 1 from sqlite_schema where type = 'table' and name = $1)")
            .bind(name)
            .fetch_one(connection)
            .await?,
    )
}
