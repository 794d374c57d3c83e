//! `broadsheet sync`

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::ensure;
use domain::edition::utc_day;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ingest::{SourceJob, ranking};
use jiff::civil::Date;
use jobs::Outcome;
use store::{Clock, Tally};

use super::failure::exit_code;
use crate::{
    config::{Settings, SourcesSettings, SyncSource},
    serve::stop_signal,
};

/// Asks the sources once, one after the other, and ranks if anything changed.
pub async fn run(settings: &Settings, source: SyncSource, from: Option<Date>) -> anyhow::Result<ExitCode> {
    let clock = Clock::System;
    check_start(source, from, &clock)?;
    let store = settings.database.open_or_create().await?;
    let bar = progress_bar();
    let shown = bar.clone();
    let scheduler = SourcesSettings::scheduler(&store, &clock)?;
    let sources = settings
        .sources
        .sources(&store, &clock)?
        .with_listener(Arc::new(move |words| shown.set_message(words.to_owned())));
    let (mut success, mut changed) = (true, false);
    let stop = stop_signal();
    tokio::pin!(stop);
    for job in jobs_of(source, from) {
        bar.set_prefix(job.code());
        bar.set_message("waiting for the source");
        let pass = sources.job(job, from);
        let outcome = tokio::select! {
            outcome = scheduler.run(&pass) => outcome?,
            () = &mut stop => {
                scheduler.release(std::slice::from_ref(&pass)).await;
                bar.finish_and_clear();
                println!("{}: interrupted; progress saved", job.code());
                store.close().await;
                return Ok(ExitCode::FAILURE);
            }
        };
        let report = Report::of(outcome);
        success &= report.success;
        changed |= report.changed || job == SourceJob::GitHub;
        bar.suspend(|| println!("{}: {}", job.code(), report.text));
    }
    bar.finish_and_clear();
    if changed {
        ranking::rank(&store, clock.now()).await?;
    }
    store.close().await;
    Ok(exit_code(success))
}

/// Refuses a first day that the sources cannot serve.
fn check_start(source: SyncSource, from: Option<Date>, clock: &Clock) -> anyhow::Result<()> {
    let Some(from) = from else { return Ok(()) };
    ensure!(from <= utc_day(clock.now()), "--from {from} is in the future");
    ensure!(
        source != SyncSource::Github,
        "GitHub reports only the current number of stars; leave out --from"
    );
    Ok(())
}

fn jobs_of(source: SyncSource, from: Option<Date>) -> Vec<SourceJob> {
    let mut jobs = Vec::new();
    if matches!(source, SyncSource::Arxiv | SyncSource::All) {
        // The daily feed holds only the present day.
        if from.is_none() {
            jobs.push(SourceJob::ArxivRss);
        }
        jobs.push(SourceJob::ArxivOai);
    }
    if matches!(source, SyncSource::Huggingface | SyncSource::All) {
        jobs.push(SourceJob::HuggingFace);
        if from.is_none() {
            jobs.push(SourceJob::HuggingFaceFortnight);
        }
    }
    if source == SyncSource::Github || source == SyncSource::All && from.is_none() {
        jobs.push(SourceJob::GitHub);
    }
    jobs
}

/// What the line about one job says.
struct Report {
    text: String,
    success: bool,
    changed: bool,
}

impl Report {
    fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Elsewhere => Self {
                text: "another process is already running this job".to_owned(),
                success: false,
                changed: false,
            },
            Outcome::Ran { tally, failure } => Self {
                text: match &failure {
                    None => counts(&tally),
                    Some(error) => format!("{error}; {}", counts(&tally)),
                },
                success: failure.is_none(),
                changed: tally.summary.imported + tally.summary.updated > 0,
            },
        }
    }
}

fn counts(tally: &Tally) -> String {
    let summary = tally.summary;
    format!(
        "imported {}, updated {}, unchanged {}, skipped {} ({} requests)",
        summary.imported, summary.updated, summary.unchanged, summary.rejected, tally.requests
    )
}

fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
