//! How connections to the database file are opened.

use std::{path::Path, time::Duration};

use sqlx::sqlite::SqliteConnectOptions;

/// How long a statement waits for a lock of another process. Shorter than the time limit of a request, so that the
/// visitor gets an error message and not a broken connection.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// Options for a connection that changes nothing in the file.
pub(crate) fn reading(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(false)
        // The last writable connection to close moves the write-ahead log into the database file. Without a log there is
        // nothing to move, and a writable connection removes its own `-wal` and `-shm` files; a read-only one leaves them.
        .read_only(has_log(path))
}

/// Whether changes wait in the write-ahead log, because a server runs or was killed.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}
