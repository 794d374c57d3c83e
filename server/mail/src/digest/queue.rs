//! Who is due, and what they get.

use jiff::{Timestamp, ToSpan};

use super::{MailService, issue::IssueCache, schedule};
use store::{NewDigest, Result, Subscriber};

/// A mail that is later than this is folded into the next.
pub(super) const LATEST_SECONDS: i64 = 6 * 3_600;
/// Subscribers looked at in one go.
const BATCH: i64 = 500;
/// Digests written in one transaction: one write to the disk for all of them.
const WRITTEN_AT_ONCE: usize = 100;

impl MailService {
    /// Queues the digest of everybody who is due at `now`. Answers how many were queued. Running it twice queues
    /// nothing twice; one subscriber's fault does not hold up the others.
    pub async fn queue_due(&self, now: Timestamp) -> Result<usize> {
        let (mut queued, mut issue_cache) = (0, IssueCache::new());
        loop {
            let due = self.store.due_subscribers(now, BATCH).await?;
            let (all, mut failed) = (due.len(), 0);
            let mut digests = Vec::with_capacity(WRITTEN_AT_ONCE);
            for subscriber in due {
                match self.digest_for(&subscriber, now, &mut issue_cache).await {
                    Ok(digest) => digests.push(digest),
                    Err(error) => {
                        failed += 1;
                        tracing::error!(subscriber = subscriber.id, %error, "cannot choose a digest");
                    }
                }
                if digests.len() == WRITTEN_AT_ONCE {
                    let (written, lost) = self.write(&std::mem::take(&mut digests), now).await;
                    queued += written;
                    failed += lost;
                }
            }
            let (written, lost) = self.write(&digests, now).await;
            queued += written;
            failed += lost;
            // Whoever failed is still due and would come again at once.
            if (all as i64) < BATCH || failed == all {
                return Ok(queued);
            }
        }
    }

    /// Writes digests together, and where that fails one by one: how many were queued, how many could not be.
    async fn write(&self, digests: &[NewDigest], now: Timestamp) -> (usize, usize) {
        if let Ok(queued) = self.store.queue_digests(digests, now).await {
            return (queued, 0);
        }
        let (mut queued, mut failed) = (0, 0);
        for digest in digests {
            match self.store.queue_digests(std::slice::from_ref(digest), now).await {
                Ok(written) => queued += written,
                Err(error) => {
                    failed += 1;
                    tracing::error!(subscriber = digest.subscriber, %error, "cannot queue a digest");
                }
            }
        }
        (queued, failed)
    }

    async fn digest_for(
        &self,
        subscriber: &Subscriber,
        now: Timestamp,
        issue_cache: &mut IssueCache,
    ) -> Result<NewDigest> {
        let rhythm = subscriber.schedule();
        let next_due = match subscriber
            .paused_until
            .and_then(|until| Timestamp::from_second(until).ok())
        {
            // The first of the rhythm at or after the end of the pause.
            Some(until) if until > now => {
                schedule::next_due(until.saturating_sub(1.second()).unwrap_or(until), &rhythm)
            }
            _ => schedule::next_due(now, &rhythm),
        };
        let due = last_missed(subscriber, now);
        let papers = if comes(subscriber, due, now) {
            let mut issues = Vec::new();
            for section in self.store.active_searches_of(subscriber.id).await? {
                let issue = self.frozen(&section, now, issue_cache).await?;
                issues.push((section, issue));
            }
            self.choose(subscriber, issues)
                .await?
                .into_iter()
                .flat_map(|choice| {
                    let issue = choice.issue.id;
                    choice
                        .papers
                        .into_iter()
                        .map(move |paper| (paper.paper_id, issue))
                })
                .collect()
        } else {
            Vec::new()
        };
        // The day it was due, though it is past midnight by now: else the mail of the new day would be taken for sent.
        Ok(NewDigest {
            subscriber: subscriber.id,
            domain: subscriber.domain(),
            day: schedule::mail_day(due, &rhythm).to_string(),
            papers,
            tokens: self.fresh_tokens()?,
            next_due,
        })
    }
}

/// The moment of the mail that is due: the last one, when several were missed.
pub(super) fn last_missed(subscriber: &Subscriber, now: Timestamp) -> Timestamp {
    let due = subscriber
        .due_at
        .and_then(|due| Timestamp::from_second(due).ok())
        .unwrap_or(now);
    schedule::last_due(now, &subscriber.schedule()).map_or(due, |last| last.max(due))
}

/// Whether a due mail comes: not during a pause, and not when it was missed by hours, for then it is part of the next.
pub(super) fn comes(subscriber: &Subscriber, due: Timestamp, now: Timestamp) -> bool {
    let paused = subscriber
        .paused_until
        .is_some_and(|until| until > now.as_second());
    !paused && now.duration_since(due).as_secs() <= LATEST_SECONDS
}
