//! Sending several emails at a time.

use std::time::Duration;

use jiff::Timestamp;
use store::{LeasedEmail, Result};
use tokio::task::{JoinError, JoinSet};

use super::attempt::{Outcome, try_email};
use crate::service::MailService;

/// Emails that are sent at the same time, each over a connection of its own. Within one email, client and server may
/// each wait 40 ms for the other (delayed acknowledgement, RFC 1122); the other emails use that time.
const AT_ONCE: usize = 16;
/// Tries to record that emails were sent, and the pause between them. Together they are shorter than a lease.
const MAX_RECORD_TRIES: u32 = 10;
const RECORD_AGAIN: Duration = Duration::from_secs(3);

/// What happened to one email. The number is the row id of its subscriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It was sent.
    Sent(i64),
    /// It will be tried again.
    Deferred(i64),
    /// It was given up, or is no longer wanted.
    Ended(i64),
    /// No email is due, or none may be sent yet.
    NothingDue,
}

/// A finished task: the email and how its try ended.
type Finished = Result<(LeasedEmail, Result<Outcome>), JoinError>;

impl MailService {
    /// Whether an email can be sent at `now`. Takes no write lock.
    pub async fn has_email_due(&self, now: Timestamp) -> Result<bool> {
        match self.pace.held(now) {
            None => Ok(false),
            Some(held) => self.store.has_email_due(&held, now).await,
        }
    }

    /// Sends one email that is due, if there is one.
    pub async fn deliver_one(&self, now: Timestamp) -> Result<Step> {
        loop {
            match self.deliver(1, now).await? {
                None => return Ok(Step::NothingDue),
                Some(steps) => {
                    if let Some(step) = steps.into_iter().next() {
                        return Ok(step);
                    }
                }
            }
        }
    }

    /// Sends some of the emails that are due, at the same time. `None` if no email is due or may be sent. Emails that
    /// wait for their turn under a rate limit have no step.
    pub async fn deliver_some(&self, now: Timestamp) -> Result<Option<Vec<Step>>> {
        self.deliver(AT_ONCE, now).await
    }

    async fn deliver(&self, limit: usize, now: Timestamp) -> Result<Option<Vec<Step>>> {
        let Some(held) = self.pace.held(now) else {
            return Ok(None);
        };
        let limit = i64::try_from(limit).unwrap_or(1);
        let emails = self.store.lease_emails(limit, &held, now).await?;
        if emails.is_empty() {
            return Ok(None);
        }
        let mut steps = Vec::with_capacity(emails.len());
        let mut tasks = JoinSet::new();
        for email in emails {
            let mail = self.clone();
            tasks.spawn(async move {
                let outcome = try_email(&mail, &email, now).await;
                (email, outcome)
            });
        }
        let mut failure = None;
        while let Some(first) = tasks.join_next().await {
            // Everything that has finished by now is recorded in one write to the disk.
            let mut finished = vec![first];
            finished.extend(std::iter::from_fn(|| tasks.try_join_next()));
            // An error does not end the loop: an email that was sent must be recorded.
            if let Err(error) = self.record(finished, &mut steps, now).await {
                failure = Some(error);
            }
        }
        match failure {
            Some(error) if steps.is_empty() => Err(error),
            Some(error) => {
                tracing::error!(%error, "an email could not be handled");
                Ok(Some(steps))
            }
            None => Ok(Some(steps)),
        }
    }

    /// Records finished tries and adds their steps. Answers the last error.
    async fn record(&self, finished: Vec<Finished>, steps: &mut Vec<Step>, now: Timestamp) -> Result<()> {
        let mut sent = Vec::new();
        let mut result = Ok(());
        for task in finished {
            match task {
                Ok((email, Ok(Outcome::Sent))) => {
                    sent.push((email.id, email.attempts));
                    steps.push(Step::Sent(email.subscriber.id));
                }
                Ok((email, Ok(Outcome::Deferred))) => steps.push(Step::Deferred(email.subscriber.id)),
                Ok((email, Ok(Outcome::Ended))) => steps.push(Step::Ended(email.subscriber.id)),
                Ok((_, Ok(Outcome::PutBack))) => {}
                // The lease of this email expires. The others go on.
                Ok((_, Err(error))) => result = Err(error),
                Err(panic) => tracing::error!(%panic, "sending an email panicked"),
            }
        }
        if !sent.is_empty() {
            self.record_sent(&sent, now).await?;
        }
        result
    }

    /// Records that emails were sent. It tries several times: an email that is not recorded is sent again.
    async fn record_sent(&self, emails: &[(i64, u32)], now: Timestamp) -> Result<()> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.store.emails_sent(emails, now).await {
                Err(error) if tries < MAX_RECORD_TRIES => {
                    tracing::error!(%error, tries, "cannot record sent emails; trying again");
                    tokio::time::sleep(RECORD_AGAIN).await;
                }
                other => return other,
            }
        }
    }
}
