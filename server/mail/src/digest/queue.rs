//! Queueing the digests of the subscribers who are due.

use jiff::{Timestamp, ToSpan};
use store::{NewDigest, Result, Subscriber};

use super::issue::IssueCache;
use crate::{
    schedule::{self, is_sent, last_missed},
    service::MailService,
};

/// Subscribers read at a time.
const BATCH: i64 = 500;
/// Digests written in one transaction, which costs one write to the disk.
const WRITTEN_AT_ONCE: usize = 100;

impl MailService {
    /// Queues the digests that are due at `now` and answers how many. Each digest is queued once, also if this runs
    /// twice. If the digest of one subscriber fails, the others are still queued.
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
            // Subscribers whose digest failed are still due, and the next batch would hold them again.
            if (all as i64) < BATCH || failed == all {
                return Ok(queued);
            }
        }
    }

    /// Writes digests in one transaction or, if that fails, one by one. Answers how many were queued and how many
    /// failed.
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

    /// The digest of one subscriber who is due.
    async fn digest_for(
        &self,
        subscriber: &Subscriber,
        now: Timestamp,
        issue_cache: &mut IssueCache,
    ) -> Result<NewDigest> {
        let when = subscriber.schedule();
        let next_due = match subscriber
            .paused_until
            .and_then(|until| Timestamp::from_second(until).ok())
        {
            // The first moment of the schedule at or after the end of the pause.
            Some(until) if until > now => {
                schedule::next_due(until.saturating_sub(1.second()).unwrap_or(until), &when)
            }
            _ => schedule::next_due(now, &when),
        };
        let due = last_missed(subscriber, now);
        let papers = if is_sent(subscriber, due, now) {
            let mut issues = Vec::new();
            for search in self.store.active_searches_of(subscriber.id).await? {
                let issue = self.frozen_issue(&search, now, issue_cache).await?;
                issues.push((search, issue));
            }
            self.choose(subscriber, issues, now)
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
        // The day on which it was due, even if it is past midnight now: otherwise the digest of the new day would
        // count as sent.
        Ok(NewDigest {
            subscriber: subscriber.id,
            domain: subscriber.domain(),
            day: schedule::digest_day(due, &when).to_string(),
            papers,
            tokens: self.new_tokens()?,
            next_due,
        })
    }
}
