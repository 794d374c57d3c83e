//! `broadsheet digest preview` and `broadsheet digest send`

use std::{
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::anyhow;
use ingest::ranking;
use jiff::{SignedDuration, Timestamp};
use mail::{MailService, delivery::Step, digest::Preview, transport::Outbox};
use store::{Clock, Store};

use super::failure::exit_code;
use crate::config::Settings;

/// How long `digest send` waits for an email that is due but may not be sent yet.
const MAX_WAIT: Duration = Duration::from_secs(45);
/// Pause between two looks at the queue.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Prints the emails that are due, and writes them into a folder if one is named.
pub async fn preview(
    settings: &Settings,
    now: Option<Timestamp>,
    into: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let now = now.unwrap_or_else(|| Clock::System.now());
    let store = settings.database.open_read_only().await?;
    let secret = settings.secret.load_or_random(&settings.database, &store).await?;
    let public_url = &settings.site.public_url;
    let mail = settings.mail.service(store.clone(), secret, public_url)?;
    let previews = mail.preview(now).await?;
    if previews.is_empty() {
        println!("No email would be sent at {now}: there are no papers.");
    }
    let files = into
        .map(|folder| {
            settings
                .mail
                .mailer(Outbox::Folder(folder.to_owned()), public_url)
        })
        .transpose()?;
    for Preview { subscriber, draft } in previews {
        if let Some(files) = &files {
            files
                .send(&draft, now)
                .await
                .map_err(|error| anyhow!("cannot write the email: {error}"))?;
        }
        match subscriber {
            Some(subscriber) => println!("To {} ({})", subscriber.email, subscriber.zone),
            None => println!("No digest is due at {now}. A new subscriber would get:"),
        }
        println!("Subject: {}\n\n{}\n", draft.subject, draft.text);
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Queues the emails that are due and sends them.
pub async fn send(settings: &Settings, now: Option<Timestamp>) -> anyhow::Result<ExitCode> {
    let now = now.unwrap_or_else(|| Clock::System.now());
    let store = settings.database.open().await?;
    let secret = settings.secret.load_or_create(&settings.database, &store).await?;
    let mail = settings
        .mail
        .service(store.clone(), secret, &settings.site.public_url)?;
    if store.last_rank_run().await?.is_none() {
        ranking::rank(&store, now).await?;
    }
    let queued = mail.queue_due(now).await?;
    let sent = deliver(&store, &mail, now).await?;
    store.close().await;
    println!(
        "queued {queued}, sent {}, deferred {}, failed or dropped {}",
        sent.sent, sent.deferred, sent.ended
    );
    if sent.is_incomplete {
        eprintln!(
            "broadsheet: some emails could not be sent yet; run `broadsheet serve` or `broadsheet digest send` to send them"
        );
    }
    let nothing_sent = sent.deferred + sent.ended > 0 && sent.sent == 0;
    Ok(exit_code(!sent.is_incomplete && !nothing_sent))
}

/// What was done with the queue.
#[derive(Debug, Default)]
struct Delivery {
    sent: u64,
    deferred: u64,
    ended: u64,
    /// Whether emails are left that are due.
    is_incomplete: bool,
}

/// Sends what is due. From `now` on, time passes as usual, so that limits per minute hold, and a mail server that does
/// not answer for a moment is tried again.
async fn deliver(store: &Store, mail: &MailService, now: Timestamp) -> anyhow::Result<Delivery> {
    let mut delivery = Delivery::default();
    let (start, mut last_sent) = (Instant::now(), Instant::now());
    loop {
        let passed = SignedDuration::try_from(start.elapsed()).unwrap_or_default();
        let moment = now.saturating_add(passed).unwrap_or(now);
        let Some(steps) = mail.deliver_some(moment).await? else {
            let is_due = store.has_email_due(&[], moment).await?;
            if !is_due || last_sent.elapsed() >= MAX_WAIT {
                delivery.is_incomplete = is_due;
                return Ok(delivery);
            }
            tokio::time::sleep(LOOK_EVERY).await;
            continue;
        };
        for step in steps {
            match step {
                Step::Sent(_) => {
                    delivery.sent += 1;
                    last_sent = Instant::now();
                }
                Step::Deferred(_) => delivery.deferred += 1,
                Step::Ended(_) => delivery.ended += 1,
                Step::NothingDue => {}
            }
        }
    }
}
