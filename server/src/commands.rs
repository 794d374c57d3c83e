//! The commands of the one binary: what `main` is a table of contents to.

use std::{
    fs::File,
    io::{BufWriter, IsTerminal, Read, Write, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ingest::SourceJob;
use ingest::import::{self, Progress};
use ingest::ranking;
use ingest::sample;
use jiff::{SignedDuration, Timestamp, civil::Date};
use jobs::Outcome;
use mail::bounces;
use mail::digest::{BounceOutcome, Preview, Step};
use mail::transport::Outbox;
use store::{Clock, Summary};
use tokio::net::TcpListener;

use crate::{
    background,
    config::{Cli, Command, DigestCommand, Settings, Switch, SyncSource, inputs},
    router, serve,
    state::AppState,
};

/// `digest send` waits this long for the turn of a letter that is due.
const MOST_WAIT: Duration = Duration::from_secs(45);
/// What is read of a file of mails that came back, in bytes.
const MOST_MAIL_BYTES: u64 = 64 << 20;
/// Papers written by an export in one go.
const EXPORT_BATCH: i64 = 500;

/// Does what the command line says.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let settings = &cli.settings;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(settings).await,
        Command::Import { files, rejects } => import(settings, &files, rejects.as_deref()).await,
        Command::Sync { source, from } => sync(settings, source, from).await,
        Command::Rank => rank(settings).await,
        Command::Digest(DigestCommand::Preview { now, into }) => {
            preview(
                settings,
                now.unwrap_or_else(|| Clock::System.now()),
                into.as_deref(),
            )
            .await
        }
        Command::Digest(DigestCommand::Send { now }) => {
            send(settings, now.unwrap_or_else(|| Clock::System.now())).await
        }
        Command::Bounce { paths } => bounce(settings, &paths).await,
        Command::Export { file } => export(settings, &file).await,
        Command::Backup { file } => backup(settings, &file).await,
        Command::Check => check(settings).await,
    }
}

async fn serve(settings: &Settings) -> anyhow::Result<ExitCode> {
    let clock = Clock::System;
    let front_end = settings.front_end(clock.now())?;
    if front_end.is_none() {
        tracing::warn!(
            "no built front end was found, so pages have no style. Build one with `make build`, or set BROADSHEET_SITE_ROOT"
        );
    }
    let store = settings.open_store().await?;
    let secret = settings.secret(&store).await?;
    let post = settings.post(store.clone(), secret.clone())?;
    if settings.sample == Switch::On {
        let added = sample::load_sample(&store, clock.now())
            .await
            .context("cannot load the built-in sample")?;
        if added > 0 {
            tracing::info!(papers = added, "loaded the built-in sample");
        }
    }
    if store.last_rank_run().await?.is_none() {
        ranking::rank(&store, clock.now()).await?;
    }
    // Read once, so that the first reader does not wait for it.
    store.current_ranking(domain::Window::Week).await?;
    store.top_categories(1).await?;
    store.facts(clock.now()).await?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {} (BROADSHEET_LISTEN)", settings.listen))?;
    let sources = settings.sources(&store, &clock)?;
    let scheduler = settings.scheduler(&store, &clock)?;
    let sync = settings.sync == Switch::On;
    let mut jobs = sources.jobs(sync);
    jobs.extend(mail::jobs::jobs(&post, &clock));
    let state = AppState::new(store.clone(), post, &secret, clock, front_end, sources, sync);
    let jobs = background::start(store.clone(), &scheduler, jobs, state.news.clone());
    tracing::info!(listen = %listener.local_addr()?, public_url = settings.public_url, database = %settings.database.display(), "serving");
    let stopper = jobs.stopper();
    let stop = async {
        serve::told_to_stop().await;
        stopper.send_replace(true);
    };
    // Requests and jobs get the same ten seconds.
    let (served, ()) = tokio::join!(
        serve::serve(listener, router::router(state), stop),
        jobs.ended(serve::GRACE)
    );
    served?;
    // A write that waits for another process's lock would hold this up; SQLite loses nothing without it.
    if tokio::time::timeout(serve::GRACE, store.close()).await.is_err() {
        tracing::warn!("the database was not closed in time");
    }
    Ok(ExitCode::SUCCESS)
}

async fn import(
    settings: &Settings,
    files: &[std::path::PathBuf],
    rejects: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let store = settings.open_store().await?;
    let mut rejects: Box<dyn Write> = match rejects {
        Some(path) => Box::new(BufWriter::new(create(settings, path)?)),
        None => Box::new(std::io::stderr()),
    };
    let mut total = Summary::default();
    let mut failed = false;
    for input in inputs(files) {
        let now = Clock::System.now();
        let progress = Progress::default();
        let name = input.name();
        let bar = progress_bar(&name);
        let outcome = import::import(
            &store,
            &input,
            now,
            &progress,
            |summary| {
                bar.set_length(progress.size());
                bar.set_position(progress.read());
                bar.set_message(format!("{} records", summary.accepted() + summary.rejected));
            },
            |reject| {
                bar.suspend(|| {
                    let _ = writeln!(rejects, "{name}:{}: {}", reject.line, reject.reason);
                })
            },
        )
        .await;
        bar.finish_and_clear();
        match outcome {
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
    let nothing_taken = total.accepted() == 0 && (total.rejected > 0 || failed);
    Ok(if nothing_taken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Reading what is not there would make an empty database out of a mistyped name.
fn must_exist(settings: &Settings) -> anyhow::Result<()> {
    anyhow::ensure!(
        settings.database.exists(),
        "there is no database at {} (BROADSHEET_DATABASE)",
        settings.database.display()
    );
    Ok(())
}

/// Creates a file to write to; never over the database or its log, which are open by now.
fn create(settings: &Settings, path: &Path) -> anyhow::Result<File> {
    let written = path.canonicalize().ok();
    let is_part = |suffix: &str| {
        let mut part = settings.database.clone().into_os_string();
        part.push(suffix);
        written.is_some() && Path::new(&part).canonicalize().ok() == written
    };
    anyhow::ensure!(
        !["", "-wal", "-shm"].into_iter().any(is_part),
        "{} is the database itself",
        path.display()
    );
    File::create(path).with_context(|| format!("cannot write {}", path.display()))
}

fn progress_bar(name: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:30} {bytes}/{total_bytes} {eta} {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(name.to_owned());
    bar
}

async fn sync(settings: &Settings, source: SyncSource, from: Option<Date>) -> anyhow::Result<ExitCode> {
    let clock = Clock::System;
    if let Some(from) = from {
        anyhow::ensure!(
            from <= domain::edition::utc_day(clock.now()),
            "--from {from} has not come yet"
        );
        anyhow::ensure!(
            source != SyncSource::Github,
            "GitHub tells the stars of today only: leave out --from"
        );
    }
    let store = settings.open_store().await?;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    let heard = bar.clone();
    let scheduler = settings.scheduler(&store, &clock)?;
    let sources = settings
        .sources(&store, &clock)?
        .heard_by(std::sync::Arc::new(move |words| {
            heard.set_message(words.to_owned())
        }));
    let mut jobs = Vec::new();
    if matches!(source, SyncSource::Arxiv | SyncSource::All) {
        // The daily feed has no past.
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
    if matches!(source, SyncSource::Github) || source == SyncSource::All && from.is_none() {
        jobs.push(SourceJob::GitHub);
    }
    let (mut well, mut news) = (true, false);
    let stopped = serve::told_to_stop();
    tokio::pin!(stopped);
    for job in jobs {
        bar.set_prefix(job.name());
        bar.set_message("asking");
        let pass = sources.job(job, from);
        let outcome = tokio::select! {
            outcome = scheduler.run(&pass) => outcome?,
            () = &mut stopped => {
                scheduler.release().await;
                bar.finish_and_clear();
                println!("{}: stopped; what came is kept, and the next sync goes on from there", job.name());
                store.close().await;
                return Ok(ExitCode::FAILURE);
            }
        };
        let words = match outcome {
            Outcome::Elsewhere => {
                well = false;
                "another process is at it".to_owned()
            }
            Outcome::Ran { tally, failure } => {
                let summary = tally.summary;
                news |= summary.imported + summary.updated > 0 || job == SourceJob::GitHub;
                let did = format!(
                    "imported {}, updated {}, unchanged {}, set aside {} ({} requests)",
                    summary.imported, summary.updated, summary.unchanged, summary.rejected, tally.requests
                );
                match failure {
                    None => did,
                    Some(trouble) => {
                        well = false;
                        format!("{trouble}; {did}")
                    }
                }
            }
        };
        bar.suspend(|| println!("{}: {words}", job.name()));
    }
    bar.finish_and_clear();
    if news {
        ranking::rank(&store, clock.now()).await?;
    }
    store.close().await;
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn rank(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = settings.open_store().await?;
    let run = ranking::rank(&store, Clock::System.now()).await?;
    store.close().await;
    println!(
        "epoch {}, ranked for {}: {} papers looked at, {} not quiet",
        run.epoch, run.ranked_for, run.active, run.ranked
    );
    Ok(ExitCode::SUCCESS)
}

async fn preview(settings: &Settings, now: Timestamp, into: Option<&Path>) -> anyhow::Result<ExitCode> {
    let store = settings.open_store().await?;
    let post = settings.post(store.clone(), settings.secret(&store).await?)?;
    let previews = post.preview(now).await?;
    if previews.is_empty() {
        println!("Nothing would be mailed at {now}: there are no papers.");
    }
    let files = into
        .map(|folder| settings.mailer(Outbox::Folder(folder.to_owned())))
        .transpose()?;
    for Preview { subscriber, draft } in previews {
        if let Some(files) = &files {
            files
                .send(&draft, now)
                .await
                .map_err(|error| anyhow::anyhow!("cannot write the letter: {error}"))?;
        }
        match subscriber {
            Some(subscriber) => println!("To {} ({})", subscriber.email, subscriber.zone),
            None => println!("Nobody is due at {now}. A new subscriber would get:"),
        }
        println!("Subject: {}\n\n{}\n", draft.subject, draft.text);
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn send(settings: &Settings, now: Timestamp) -> anyhow::Result<ExitCode> {
    let store = settings.open_store().await?;
    let post = settings.post(store.clone(), settings.secret(&store).await?)?;
    if store.last_rank_run().await?.is_none() {
        ranking::rank(&store, now).await?;
    }
    let queued = post.queue_due(now).await?;
    let (mut sent, mut deferred, mut ended) = (0, 0, 0);
    // Time goes on from the given moment, so that limits a minute are kept and a server that was away for a moment is
    // waited for.
    let (begun, mut last_sent) = (Instant::now(), Instant::now());
    let left = loop {
        let passed = SignedDuration::try_from(begun.elapsed()).unwrap_or_default();
        let moment = now.saturating_add(passed).unwrap_or(now);
        let Some(steps) = post.deliver_some(moment).await? else {
            let left = store.has_email_due(&[], moment).await?;
            if !left || last_sent.elapsed() >= MOST_WAIT {
                break left;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        if steps.iter().any(|step| matches!(step, Step::Sent(_))) {
            last_sent = Instant::now();
        }
        for step in steps {
            match step {
                Step::Sent(_) => sent += 1,
                Step::Deferred(_) => deferred += 1,
                Step::Ended(_) => ended += 1,
                Step::NothingDue => {}
            }
        }
    };
    store.close().await;
    println!("queued {queued}, sent {sent}, deferred {deferred}, ended {ended}");
    if left {
        eprintln!(
            "broadsheet: letters are left that could not go yet; `serve` or another `digest send` sends them"
        );
    }
    Ok(if left || deferred + ended > 0 && sent == 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn bounce(settings: &Settings, paths: &[PathBuf]) -> anyhow::Result<ExitCode> {
    must_exist(settings)?;
    let store = settings.open_store().await?;
    let post = settings.post(store.clone(), settings.secret(&store).await?)?;
    let now = Clock::System.now();
    let (mut suppressed, mut counted, mut nothing, mut others) = (0, 0, 0, 0);
    let mut failed = false;
    for path in paths {
        let mails = match read_mails(path) {
            Ok(mails) => mails,
            Err(error) => {
                failed = true;
                eprintln!("broadsheet: {error:#}");
                continue;
            }
        };
        for (name, mail) in mails {
            let report = match bounces::read(&mail) {
                Ok(report) => report,
                Err(why) => {
                    others += 1;
                    println!("{name}: {why}");
                    continue;
                }
            };
            match post.record_bounce(&report, now).await? {
                BounceOutcome::Suppressed(back) => {
                    suppressed += 1;
                    println!(
                        "{name}: {} is not written to any more: {}",
                        back.email, back.words
                    );
                }
                BounceOutcome::Counted(back) => {
                    counted += 1;
                    println!("{name}: {} refused a letter: {}", back.email, back.words);
                }
                BounceOutcome::Nothing(back) => {
                    nothing += 1;
                    println!("{name}: nothing to do for {}: {}", back.email, back.words);
                }
                BounceOutcome::NotOurs => {
                    others += 1;
                    println!("{name}: a report without the sign of a letter of ours");
                }
            }
        }
    }
    store.close().await;
    println!("suppressed {suppressed}, counted {counted}, nothing to do {nothing}, not ours {others}");
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The mails at a path, each with a name.
fn read_mails(path: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(MOST_MAIL_BYTES)
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        return Ok(named("-", &bytes));
    }
    let cannot = || format!("cannot read {}", path.display());
    let files = if path.is_dir() {
        bounces::files(path).with_context(cannot)?
    } else {
        vec![path.to_owned()]
    };
    let mut mails = Vec::new();
    for file in files {
        anyhow::ensure!(
            std::fs::metadata(&file).with_context(cannot)?.is_file(),
            "{} is no file",
            file.display()
        );
        let mut bytes = Vec::new();
        File::open(&file)
            .with_context(cannot)?
            .take(MOST_MAIL_BYTES)
            .read_to_end(&mut bytes)
            .with_context(cannot)?;
        mails.extend(named(&file.display().to_string(), &bytes));
    }
    Ok(mails)
}

fn named(name: &str, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mails = bounces::mails(bytes);
    let several = mails.len() > 1;
    mails
        .into_iter()
        .enumerate()
        .map(|(n, mail)| {
            let name = if several {
                format!("{name} ({})", n + 1)
            } else {
                name.to_owned()
            };
            (name, mail)
        })
        .collect()
}

async fn export(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    must_exist(settings)?;
    let store = settings.open_store().await?;
    let cannot = || format!("cannot write {}", file.display());
    let mut out: Box<dyn Write> = if file.as_os_str() == "-" {
        Box::new(BufWriter::new(stdout()))
    } else {
        Box::new(BufWriter::new(create(settings, file)?))
    };
    let (mut after, mut count) = (0, 0_u64);
    loop {
        let papers = store.export_after(after, EXPORT_BATCH).await?;
        let Some((last, _)) = papers.last() else { break };
        after = *last;
        for (_, paper) in &papers {
            serde_json::to_writer(&mut out, paper).with_context(cannot)?;
            out.write_all(b"\n").with_context(cannot)?;
            count += 1;
        }
    }
    out.flush().with_context(cannot)?;
    store.close().await;
    eprintln!("exported {count} papers");
    Ok(ExitCode::SUCCESS)
}

async fn backup(settings: &Settings, file: &Path) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        !file.exists(),
        "{} exists already; a backup never overwrites",
        file.display()
    );
    must_exist(settings)?;
    let store = settings.open_store().await?;
    store
        .backup(file)
        .await
        .with_context(|| format!("cannot write {}", file.display()))?;
    store.close().await;
    if stdout().is_terminal() {
        println!("backed up to {}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

async fn check(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut well = true;
    let mut say = |what: &str, outcome: Result<String, String>| match outcome {
        Ok(words) => println!("ok    {what}: {words}"),
        Err(words) => {
            well = false;
            println!("FAIL  {what}: {words}");
        }
    };
    match settings.front_end(Clock::System.now()) {
        Ok(Some(_)) => say("front end", Ok(settings.front_end_place())),
        Ok(None) => say(
            "front end",
            Err("not found. Build one with `make build`, or set BROADSHEET_SITE_ROOT".to_owned()),
        ),
        Err(error) => say("front end", Err(format!("{error:#}"))),
    }
    if let Err(missing) = must_exist(settings) {
        say("database", Err(format!("{missing}; serving makes one")));
        return Ok(ExitCode::FAILURE);
    }
    match settings.open_store().await {
        Ok(store) => {
            match store.integrity().await {
                Ok(found) if found == Default::default() => {
                    let facts = store.facts(Clock::System.now()).await?;
                    say(
                        "database",
                        Ok(format!(
                            "{}, {} papers",
                            settings.database.display(),
                            facts.papers
                        )),
                    );
                }
                Ok(found) => say(
                    "database",
                    Err(format!(
                        "{}; {} dangling rows",
                        found.damage.join("; "),
                        found.dangling
                    )),
                ),
                Err(error) => say("database", Err(error.to_string())),
            }
            let post = match settings.secret(&store).await {
                Ok(secret) => settings.post(store.clone(), secret),
                Err(error) => Err(error),
            };
            match post {
                Ok(post) => match post.mailer.outbox().reachable().await {
                    Ok(()) if settings.smtp_url.is_some() => {
                        say("mail", Ok("the mail server answers".to_owned()))
                    }
                    Ok(()) => say(
                        "mail",
                        Ok(format!(
                            "no BROADSHEET_SMTP_URL: letters become files in {}",
                            settings.outbox.display()
                        )),
                    ),
                    Err(error) => say("mail", Err(error)),
                },
                Err(error) => say("mail", Err(format!("{error:#}"))),
            }
            match settings.sources(&store, &Clock::System) {
                Ok(_) if settings.sync == Switch::Off => {
                    say("sources", Ok("switched off (BROADSHEET_SYNC)".to_owned()));
                }
                Ok(sources) => {
                    for (upstream, url) in sources.probes() {
                        let outcome = match sources.fetcher().reach(upstream, &url).await {
                            Ok(status) if status < 500 => Ok("answers".to_owned()),
                            Ok(status) => Err(format!("answers with {status}")),
                            Err(trouble) => Err(trouble.to_string()),
                        };
                        say(upstream.code(), outcome);
                    }
                }
                Err(error) => say("sources", Err(format!("{error:#}"))),
            }
            store.close().await;
        }
        Err(error) => say("database", Err(format!("{error:#}"))),
    }
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
