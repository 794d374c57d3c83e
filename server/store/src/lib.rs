//! All SQL: a file of queries per noun, over one SQLite file; and tokens and the clock.
//!
//! One connection writes, several read; in WAL mode readers never wait for the writer. A second process (an
//! `import` beside a running `serve`) waits its turn at the write lock instead of failing.

mod announcements;
mod bookmarks;
pub mod clock;
mod counts;
mod deliveries;
mod delivery_leases;
mod delivery_state;
mod entered;
mod frozen;
mod full_text;
mod issues;
mod jobs;
mod leftovers;
mod listings;
mod maintenance;
mod merge;
mod merged_paper;
mod papers;
mod query;
mod rankings;
mod read_marks;
mod readers;
mod repositories;
mod saved_searches;
mod saving;
mod search_cache;
mod settings;
mod sitemaps;
mod sources;
mod stored_ranking;
mod subscriber;
mod subscribers;
mod subscription_requests;
mod subscriptions;
mod suppressions;
mod tally;
pub mod tokens;
mod validators;
mod walks;
mod write_transaction;

use std::{path::Path, sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use clock::Clock;
pub use deliveries::{EmailTokens, NewDigest, StoredEmail};
pub use delivery_leases::{EmailPaper, LeasedEmail};
pub use delivery_state::{DeliveryState, EmailKind, FinalState};
pub use entered::TOPS;
pub use issues::{Chosen, Issue};
pub use listings::CARD_AUTHORS;
pub use maintenance::{Integrity, LibraryFacts};
pub use rankings::Signals;
pub use rankings::{Ranked, Ranking};
pub use read_marks::ReaderState;
pub use readers::ReaderId;
pub use repositories::Repository;
pub use saved_searches::MAX_SAVED_SEARCHES;
pub use saving::SaveOutcome;
pub use saving::SourceBatch;
pub use sitemaps::SITEMAP_ROWS;
pub use sources::Checkpoint;
pub use sources::SourceRecord;
pub use stored_ranking::StoredRanking;
pub use subscriber::Subscriber;
pub use subscribers::Preferences;
pub use subscription_requests::{ConfirmationEmail, OpenConfirmation, RequestedSubscriber, SubscriptionRequest};
pub use subscriptions::MAX_SEARCHES_PER_EMAIL;
pub use suppressions::Refusal;
pub use tally::{SetAside, Summary, Tally};
pub use validators::Validators;
pub use write_transaction::WriteTransaction;

/// Reading connections: one for each of two cores, and as many waiting on the disk.
const READERS: u32 = 4;
/// How long a statement waits for a lock of another process before it gives up: shorter than any answer may take, so
/// that a reader is told so instead of seeing nothing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// The database. Cheap to clone; every clone is the same database.
#[derive(Debug, Clone)]
pub struct Store {
    readers: SqlitePool,
    writer: SqlitePool,
    rankings: Arc<rankings::Cache>,
    counts: Arc<counts::Cache>,
    searches: Arc<search_cache::Searches>,
}

/// What can go wrong with the database, told apart by what a reader can be told.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLITE_FULL, or the file system said so.
    #[error("the disk that holds the database is full")]
    DiskFull(#[source] sqlx::Error),
    /// SQLITE_READONLY and its kin.
    #[error("the database cannot be written")]
    ReadOnly(#[source] sqlx::Error),
    /// The write lock was not to be had in time.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// Everything else.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
    /// The migrations of this binary do not fit the file.
    #[error("the database could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Something stored cannot be read back; names what.
    #[error("the database holds something unreadable: {0}")]
    Corrupt(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // Primary result codes, https://www.sqlite.org/rescode.html
        let code = error
            .as_database_error()
            .and_then(|e| e.code())
            .and_then(|code| code.parse::<u32>().ok())
            .map(|code| code & 0xff);
        match code {
            Some(13) => Self::DiskFull(error),
            Some(8 | 14) => Self::ReadOnly(error),
            Some(5 | 6) => Self::Busy(error),
            _ => match error {
                sqlx::Error::PoolTimedOut => Self::Busy(error),
                _ => Self::Database(error),
            },
        }
    }
}

/// The usual answer of this room.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl Store {
    /// Opens the database at `path`, creating it and bringing it up to date.
    pub async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: what a reader was told is kept survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .statement_cache_capacity(200);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(BUSY_TIMEOUT)
            // KiB when negative: room for the upper levels of every index during an import.
            .connect_with(
                options
                    .clone()
                    .pragma("cache_size", "-32000")
                    .pragma("journal_size_limit", "67108864"),
            )
            .await?;
        migrations::MIGRATIONS.run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(READERS)
            .acquire_timeout(BUSY_TIMEOUT)
            .connect_with(
                options
                    .create_if_missing(false)
                    .pragma("query_only", "on")
                    .pragma("cache_size", "-8000"),
            )
            .await?;
        Ok(Self {
            readers,
            writer,
            rankings: Arc::default(),
            counts: Arc::default(),
            searches: Arc::default(),
        })
    }

    /// Closes every connection, which folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query_scalar!(r#"select count(*) as "count: i64" from settings"#)
            .fetch_one(&self.readers)
            .await?;
        Ok(())
    }

    /// Begins a transaction that holds the write lock from its start, so that it never fails half-way for want
    /// of it.
    async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Sqlite>> {
        Ok(self.writer.begin_with("begin immediate").await?)
    }
}

/// A value as JSON: how many rows travel in one, in either direction.
fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Reads what SQLite wrote as JSON.
fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}
