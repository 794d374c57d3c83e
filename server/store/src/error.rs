//! What can go wrong with the database.

use std::path::PathBuf;

/// What went wrong with the database, in the classes that need different answers.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system has no room left (`SQLITE_FULL`).
    #[error("the disk that holds the database is full")]
    DiskFull(#[source] sqlx::Error),
    /// The file cannot be opened or written (`SQLITE_READONLY`, `SQLITE_CANTOPEN`).
    #[error("the database cannot be opened or written")]
    ReadOnly(#[source] sqlx::Error),
    /// Another process held a lock for too long.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// Any other error of the database. It is part of the text and not the source, or it would be printed twice.
    #[error("the database failed: {0}")]
    Database(sqlx::Error),
    /// A migration failed, or a stored migration differs from the one in this program.
    #[error("cannot migrate the database")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value cannot be read; the text names it.
    #[error("the database holds an unreadable value: {0}")]
    Corrupt(String),
    /// There is no database file at this path.
    #[error("there is no database at {}", .0.display())]
    Missing(PathBuf),
    /// The file is an SQLite database of another program.
    #[error("{} is not a Broadsheet database", .0.display())]
    Foreign(PathBuf),
    /// The database needs migrations that this operation must not run.
    #[error("the database has schema {found}; this program needs schema {known}")]
    OlderSchema {
        /// The newest migration in the file; 0 for an empty file.
        found: i64,
        /// The newest migration in this program.
        known: i64,
    },
    /// A newer release has migrated the database.
    #[error("the database has schema {found}; this program knows only schema {known} and older")]
    NewerSchema {
        /// The newest migration in the file.
        found: i64,
        /// The newest migration in this program.
        known: i64,
    },
    /// A backup never overwrites a file.
    #[error("{} already exists", .0.display())]
    TargetExists(PathBuf),
    /// The file system refused to write a backup.
    #[error("cannot write {}", path.display())]
    Target {
        /// The file.
        path: PathBuf,
        /// The error of the file system.
        source: std::io::Error,
    },
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

/// The result of every method of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
