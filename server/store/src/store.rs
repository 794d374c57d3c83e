//! The store: its connections and its caches.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    connection::{BUSY_TIMEOUT, reading},
    counts,
    error::Result,
    listing, rankings, schema,
};

/// Reading connections: one for each of two cores, and two that may wait for the disk.
const READERS: u32 = 4;
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 200;

/// The database. Cheap to clone; every clone is the same database.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) path: PathBuf,
    pub(crate) readers: SqlitePool,
    pub(crate) writer: SqlitePool,
    pub(crate) rankings: Arc<rankings::Cache>,
    pub(crate) counts: Arc<counts::Cache>,
    pub(crate) searches: Arc<listing::Searches>,
}

impl Store {
    /// Opens the database at `path`. Creates it if it does not exist, and runs pending migrations.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`](crate::StoreError::NewerSchema) when a newer release has migrated it; the file is then
    /// left as it was.
    pub async fn open(path: &Path) -> Result<Self> {
        if path.exists() {
            schema::inspect(path).await?.not_newer()?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: a bookmark that was confirmed to its reader survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(STATEMENTS);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(BUSY_TIMEOUT)
            .connect_with(
                options
                    .clone()
                    // A negative number is in KiB: room for the upper levels of every index during an import.
                    .pragma("cache_size", "-32000")
                    .pragma("journal_size_limit", "67108864"),
            )
            .await?;
        migrations::MIGRATIONS.run(&writer).await?;
        let readers = readers(options.create_if_missing(false)).await?;
        Ok(Self::of(path, readers, writer))
    }

    /// Opens a database that exists and has exactly the schema of this program. Changes nothing in the file: methods
    /// that write fail.
    ///
    /// # Errors
    /// [`Missing`](crate::StoreError::Missing), [`OlderSchema`](crate::StoreError::OlderSchema) or
    /// [`NewerSchema`](crate::StoreError::NewerSchema).
    pub async fn open_existing(path: &Path) -> Result<Self> {
        schema::inspect(path).await?.current()?;
        let readers = readers(reading(path).statement_cache_capacity(STATEMENTS)).await?;
        Ok(Self::of(path, readers.clone(), readers))
    }

    fn of(path: &Path, readers: SqlitePool, writer: SqlitePool) -> Self {
        Self {
            path: path.to_owned(),
            readers,
            writer,
            rankings: Arc::default(),
            counts: Arc::default(),
            searches: Arc::default(),
        }
    }

    /// Closes every connection. The last one to close moves the write-ahead log into the database file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Checks that the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query_scalar!(r#"select count(*) as "count: i64" from settings"#)
            .fetch_one(&self.readers)
            .await?;
        Ok(())
    }

    /// Begins a transaction that holds the write lock from its start: it waits for the lock here, and never fails later
    /// because another process has it.
    pub(crate) async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Sqlite>> {
        Ok(self.writer.begin_with("begin immediate").await?)
    }
}

/// Connections that refuse to write.
async fn readers(options: SqliteConnectOptions) -> Result<SqlitePool> {
    Ok(SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(READERS)
        .acquire_timeout(BUSY_TIMEOUT)
        .connect_with(options.pragma("query_only", "on").pragma("cache_size", "-8000"))
        .await?)
}
