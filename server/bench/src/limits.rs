//! The limits of a server: what a bare axum listener needs for the same body, or to commit the same row. They are as
//! cheap as they can be made; a limit that is too slow would make the program look fast.

use std::{
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, bail};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    serve::ListenerExt,
};
use rusqlite::Connection;
use tokio::net::TcpListener;

use crate::{
    database::remove_database,
    library::free_address,
    load::Side,
    process::{Cores, Place, Running, anonymous_megabytes, now},
    requests::Requests,
};

/// One row of a bookmark, as the program stores it (migrations 0003).
const BOOKMARKS: &str = "create table bookmarks (reader_id integer not null, paper_id text not null,
        created_at integer not null, removed_at integer, primary key (reader_id, paper_id)) strict, without rowid;
    create index bookmarks_by_time on bookmarks (reader_id, created_at, paper_id) where removed_at is null;";
/// A log that still grows makes every sync slower: SQLite reuses it once it has 1,000 pages. The program's log reaches
/// that length at its start; this one must too, or the limit would be too slow.
const FULL_LOG: &str = "create table filler (bytes blob); insert into filler values (zeroblob(8000000));
    drop table filler; pragma wal_checkpoint(restart);";
const KEEP: &str = "insert into bookmarks (reader_id, paper_id, created_at) values (1, ?1, ?2)
    on conflict (reader_id, paper_id) do update set removed_at = null where removed_at is not null";
const REMOVE: &str =
    "update bookmarks set removed_at = ?2 where reader_id = 1 and paper_id = ?1 and removed_at is null";

/// A bare axum listener, on the server's core.
#[derive(Debug)]
pub struct Bare {
    /// The process; it ends with this value.
    running: Running,
    /// What to load.
    pub side: Side,
}

impl Bare {
    /// Serves one body of these many bytes.
    pub async fn body(
        cores: &Cores,
        requests: &Requests,
        encoding: &str,
        bytes: usize,
    ) -> anyhow::Result<Self> {
        let arguments = ["static-limit".to_owned(), bytes.to_string(), encoding.to_owned()];
        Self::start(cores, &arguments, requests).await
    }

    /// Commits one row per request to a new database.
    pub async fn commits(
        cores: &Cores,
        requests: &Requests,
        database: &Path,
        synchronous: &str,
    ) -> anyhow::Result<Self> {
        remove_database(database)?;
        let path = database.to_string_lossy().into_owned();
        let arguments = ["commit-limit".to_owned(), path, synchronous.to_owned()];
        Self::start(cores, &arguments, requests).await
    }

    /// Starts this same program as a bare listener.
    async fn start(cores: &Cores, arguments: &[String], requests: &Requests) -> anyhow::Result<Self> {
        let address = free_address()?;
        let own = std::env::current_exe().context("cannot find this program")?;
        let mut command = Command::new(own);
        command
            .args(arguments)
            .env("BENCH_LISTEN", &address)
            .stdin(Stdio::null());
        let mut running = Running(cores.spawn(Place::Server, &mut command)?);
        for _ in 0..500 {
            if tokio::net::TcpStream::connect(&address).await.is_ok() {
                let side = Side {
                    address,
                    pid: running.id(),
                    requests: requests.restarted(),
                };
                return Ok(Self { running, side });
            }
            if let Some(status) = running
                .0
                .try_wait()
                .context("cannot wait for the bare listener")?
            {
                bail!("the bare listener ended: {status}");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        bail!("the bare listener does not answer at {address}");
    }

    /// Anonymous memory, in MB.
    pub fn megabytes(&self) -> Option<f64> {
        anonymous_megabytes(self.running.id())
    }
}

async fn serve(router: Router) -> anyhow::Result<()> {
    let address = std::env::var("BENCH_LISTEN").context("BENCH_LISTEN is not set")?;
    let listener = TcpListener::bind(&address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    // axum does not set TCP_NODELAY by itself, which would make the limit too slow.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router)
        .await
        .context("the bare listener failed")
}

/// Serves one body from memory at every path, until it is killed.
pub async fn serve_static(bytes: usize, encoding: &str) -> anyhow::Result<()> {
    let body = Bytes::from(vec![b'x'; bytes]);
    let encoding = (!encoding.is_empty())
        .then(|| HeaderValue::from_str(encoding))
        .transpose()
        .context("the encoding is not a header value")?;
    let kind = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    )];
    let router = match encoding {
        Some(encoding) => {
            let headers: [(HeaderName, HeaderValue); 1] = [(header::CONTENT_ENCODING, encoding)];
            Router::new().fallback(move || async move { (kind, headers, body) })
        }
        None => Router::new().fallback(move || async move { (kind, body) }),
    };
    serve(router).await
}

/// Commits one row per posted form, until it is killed. One thread answers and commits: on a busy machine it loses its
/// core while it waits for the disk, so this limit needs a quiet machine more than the others do.
pub async fn serve_commits(database: &Path, synchronous: &str) -> anyhow::Result<()> {
    let connection =
        Connection::open(database).with_context(|| format!("cannot open {}", database.display()))?;
    connection.execute_batch(&format!(
        "pragma journal_mode = wal; pragma synchronous = {synchronous}; {BOOKMARKS} {FULL_LOG}"
    ))?;
    let connection = Arc::new(Mutex::new(connection));
    let router = Router::new().fallback(commit).with_state(connection);
    serve(router).await
}

async fn commit(State(connection): State<Arc<Mutex<Connection>>>, form: Bytes) -> StatusCode {
    let (mut paper, mut kept) = (None, true);
    for (name, value) in form_urlencoded::parse(&form) {
        match name.as_ref() {
            "paper" => paper = Some(value),
            "bookmarked" => kept = value == "true",
            _ => {}
        }
    }
    let Some(paper) = paper else {
        return StatusCode::BAD_REQUEST;
    };
    let written = || -> anyhow::Result<()> {
        let Ok(connection) = connection.lock() else {
            bail!("a handler panicked")
        };
        let now = now().as_second();
        connection
            .prepare_cached(if kept { KEEP } else { REMOVE })?
            .execute((paper.as_ref(), now))?;
        Ok(())
    };
    written().map_or(StatusCode::INTERNAL_SERVER_ERROR, |()| StatusCode::OK)
}
