//! The jobs of this package: queueing digests and sending email.

use std::time::Duration;

use ::jobs::{Job, Schedule};
use store::Clock;

use crate::service::MailService;

/// How often the queue job looks for subscribers whose digest is due.
const QUEUE_EVERY: Duration = Duration::from_secs(30);
/// How often the send job looks for emails that can be sent.
const SEND_EVERY: Duration = Duration::from_secs(2);

/// After a crash, no process queues or sends email before this lease has ended.
const LEASE: Duration = Duration::from_secs(12);

/// All jobs of this package.
pub fn jobs(mail: &MailService, clock: &Clock) -> Vec<Job> {
    vec![queue_job(mail, clock), send_job(mail, clock)]
}

fn queue_job(mail: &MailService, clock: &Clock) -> Job {
    let (check, check_clock) = (mail.clone(), clock.clone());
    let (mail, clock) = (mail.clone(), clock.clone());
    let schedule = Schedule::Every(QUEUE_EVERY);
    Job::new("email-queue", "email-queue", schedule, move |_| {
        let (mail, now) = (mail.clone(), clock.now());
        async move {
            let queued = mail.queue_due(now).await?;
            if queued > 0 {
                tracing::info!(queued, "digests queued");
            }
            Ok(())
        }
    })
    .leased_for(LEASE)
    .only_if(move || {
        let (mail, now) = (check.clone(), check_clock.now());
        async move { mail.has_digest_due(now).await }
    })
}

fn send_job(mail: &MailService, clock: &Clock) -> Job {
    let (check, check_clock) = (mail.clone(), clock.clone());
    let (mail, clock) = (mail.clone(), clock.clone());
    let schedule = Schedule::Every(SEND_EVERY);
    Job::new("email-send", "email-send", schedule, move |run| {
        let (mail, clock) = (mail.clone(), clock.clone());
        async move {
            // `deliver_some` takes the write lock, so the cheaper check comes first.
            while !run.is_stopping()
                && mail.has_email_due(clock.now()).await?
                && mail.deliver_some(clock.now()).await?.is_some()
            {}
            Ok(())
        }
    })
    // An email that the mail server has accepted must be recorded as sent.
    .stopping_by_itself()
    .leased_for(LEASE)
    .only_if(move || {
        let (mail, now) = (check.clone(), check_clock.now());
        async move { mail.has_email_due(now).await }
    })
}
