//! `broadsheet rank`

use std::process::ExitCode;

use ingest::ranking;
use store::Clock;

use crate::config::Settings;

/// Computes the heat of all papers.
pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = settings.database.open().await?;
    let run = ranking::rank(&store, Clock::System.now()).await?;
    store.close().await;
    println!(
        "epoch {}, ranked for {}: {} papers examined, {} active",
        run.epoch, run.ranked_for, run.active, run.ranked
    );
    Ok(ExitCode::SUCCESS)
}
