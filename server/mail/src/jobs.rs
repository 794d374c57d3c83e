//! The jobs of this package: queueing digests and sending email.

use std::time::Duration;

use ::jobs::{Job, Schedule};
use store::Clock;

use crate::digest::MailService;

/// How often Broadsheet looks for subscribers whose digest is due.
const QUEUE_EVERY: Duration = Duration::from_secs(30);
/// How often it looks for email that can be sent.
const SEND_EVERY: Duration = Duration::from_secs(2);

/// All jobs of this package.
pub fn jobs(post: &MailService, clock: &Clock) -> Vec<Job> {
    vec![queue_job(post, clock), send_job(post, clock)]
}

fn queue_job(post: &MailService, clock: &Clock) -> Job {
    let (looking, looking_clock) = (post.clone(), clock.clone());
    let (post, clock) = (post.clone(), clock.clone());
    let schedule = Schedule::Every(QUEUE_EVERY);
    Job::new("email-queue", "email-queue", schedule, move |_| {
        let (post, now) = (post.clone(), clock.now());
        async move {
            let queued = post.queue_due(now).await?;
            if queued > 0 {
                tracing::info!(queued, "digests queued");
            }
            Ok(())
        }
    })
    .only_if(move || {
        let (post, now) = (looking.clone(), looking_clock.now());
        async move { Ok(!post.store.due_subscribers(now, 1).await?.is_empty()) }
    })
}

fn send_job(post: &MailService, clock: &Clock) -> Job {
    let (looking, looking_clock) = (post.clone(), clock.clone());
    let (post, clock) = (post.clone(), clock.clone());
    let schedule = Schedule::Every(SEND_EVERY);
    Job::new("email-send", "email-send", schedule, move |_| {
        let (post, clock) = (post.clone(), clock.clone());
        async move {
            // Each round leases what it sends; the look before it needs no write lock.
            while post.has_email_due(clock.now()).await? && post.deliver_some(clock.now()).await?.is_some() {}
            Ok(())
        }
    })
    .only_if(move || {
        let (post, now) = (looking.clone(), looking_clock.now());
        async move { post.has_email_due(now).await }
    })
}
