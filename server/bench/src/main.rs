//! `make bench`: measures a `broadsheet` program from outside, through its commands and HTTP, beside limits taken in the
//! same run. Only the ratios mean something: machines are noisy.

mod compare;
mod database;
mod figures;
mod generator;
mod library;
mod limits;
mod load;
mod mixer;
mod pairs;
mod process;
mod raw;
mod report;
mod requests;
mod settings;
mod single;
mod table;
mod targets;
mod wire;
mod words;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use settings::Settings;

/// Measures a broadsheet program beside limits taken in the same run
#[derive(Debug, Parser)]
#[command(name = "bench", max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Compare two JSON files of earlier runs; exit code 1 if a figure became slower than the tolerance
    Compare {
        /// The earlier run
        before: PathBuf,
        /// The later run
        after: PathBuf,
        /// A cost above this multiple of the earlier one is marked
        #[arg(long, env = "BENCH_TOLERANCE", default_value = "1.05")]
        tolerance: f64,
    },
    /// Serve a body of a fixed size from a bare axum listener (the harness starts this itself)
    #[command(hide = true)]
    StaticLimit {
        /// Bytes of the body
        bytes: usize,
        /// Content-Encoding of the body; empty: none
        encoding: String,
    },
    /// Commit one row per request from a bare axum handler (the harness starts this itself)
    #[command(hide = true)]
    CommitLimit {
        /// The database file to create
        database: PathBuf,
        /// SQLite's `synchronous`
        synchronous: String,
    },
}

// One thread: the load client must stay on its own core, and a second thread would only add context switches.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Cli { settings, command } = Cli::parse();
    match command {
        None if settings.against.is_some() => pairs::run(&settings).await,
        None => single::run(&settings).await,
        Some(Command::Compare {
            before,
            after,
            tolerance,
        }) => {
            let slower = compare::run(&before, &after, tolerance)?;
            std::process::exit(i32::from(slower > 0));
        }
        Some(Command::StaticLimit { bytes, encoding }) => limits::serve_static(bytes, &encoding).await,
        Some(Command::CommitLimit {
            database,
            synchronous,
        }) => limits::serve_commits(&database, &synchronous).await,
    }
}
