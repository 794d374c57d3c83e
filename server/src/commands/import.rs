//! `broadsheet import`

use std::{
    io::{BufWriter, Write, stderr},
    path::{Path, PathBuf},
    process::ExitCode,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ingest::{
    import::{self, ImportError, Input, Progress},
    ranking,
};
use store::{Clock, Store, Summary};

use super::{failure::exit_code, output_file::create};
use crate::config::Settings;

/// Imports the files in order, and ranks if anything changed.
pub async fn run(settings: &Settings, files: &[PathBuf], rejects: Option<&Path>) -> anyhow::Result<ExitCode> {
    let store = settings.database.open_or_create().await?;
    let mut rejects: Box<dyn Write> = match rejects {
        Some(path) => Box::new(BufWriter::new(create(&settings.database, path)?)),
        None => Box::new(stderr()),
    };
    let mut total = Summary::default();
    let mut failed = false;
    for file in files {
        match import_file(&store, &input(file), &mut rejects).await {
            Ok(summary) => total += summary,
            Err(error) => {
                failed = true;
                eprintln!("broadsheet: {error}");
            }
        }
    }
    rejects.flush()?;
    if total.imported + total.updated > 0 {
        ranking::rank(&store, Clock::System.now()).await?;
    }
    store.close().await;
    println!(
        "imported {}, updated {}, unchanged {}, rejected {}",
        total.imported, total.updated, total.unchanged, total.rejected
    );
    let nothing_accepted = total.accepted() == 0 && (total.rejected > 0 || failed);
    Ok(exit_code(!nothing_accepted))
}

fn input(file: &Path) -> Input {
    if file.as_os_str() == "-" {
        Input::Stdin
    } else {
        Input::File(file.to_owned())
    }
}

async fn import_file(store: &Store, input: &Input, rejects: &mut dyn Write) -> Result<Summary, ImportError> {
    let progress = Progress::default();
    let name = input.name();
    let bar = progress_bar(&name);
    let outcome = import::import(
        store,
        input,
        Clock::System.now(),
        &progress,
        |summary| {
            bar.set_length(progress.size());
            bar.set_position(progress.read());
            bar.set_message(format!("{} records", summary.accepted() + summary.rejected));
        },
        |reject| {
            bar.suspend(|| {
                let _ = writeln!(rejects, "{}", reject.describe(&name));
            })
        },
    )
    .await;
    bar.finish_and_clear();
    outcome
}

fn progress_bar(name: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:30} {bytes}/{total_bytes} {eta} {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(name.to_owned());
    bar
}
