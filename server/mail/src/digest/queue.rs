//! Queueing the digests of the subscribers who are due.

use domain::DigestSchedule;
use jiff::{Timestamp, ToSpan};
use store::{NewDigest, Result, Subscriber};

use super::issue::IssueCache;
use crate::{
    delivery::longest_pause,
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
        self.correct_moments_ahead(now).await?;
        let (mut queued, mut issue_cache) = (0, IssueCache::new());
        // Subscribers whose digest failed are still due. Each batch begins behind the one before, or those at the
        // front would be all that is ever read.
        let mut after = None;
        loop {
            let due = self.store.due_subscribers(now, after, BATCH).await?;
            let count = due.len();
            after = due.last().and_then(|last| Some((last.due_at?, last.id)));
            let mut digests = Vec::with_capacity(WRITTEN_AT_ONCE);
            for subscriber in due {
                match self.digest_for(&subscriber, now, &mut issue_cache).await {
                    Ok(digest) => digests.push(digest),
                    Err(error) => {
                        tracing::error!(subscriber = subscriber.id, %error, "cannot choose a digest");
                    }
                }
                if digests.len() == WRITTEN_AT_ONCE {
                    queued += self.write(&std::mem::take(&mut digests), now).await;
                }
            }
            queued += self.write(&digests, now).await;
            if (count as i64) < BATCH {
                return Ok(queued);
            }
        }
    }

    /// Whether [`MailService::queue_due`] has anything to do at `now`. Takes no write lock.
    pub(crate) async fn has_digest_due(&self, now: Timestamp) -> Result<bool> {
        Ok(!self.store.due_subscribers(now, None, 1).await?.is_empty()
            || !self.schedules_ahead(now).await?.is_empty()
            || self.store.has_email_ahead(now, longest_pause()).await?)
    }

    /// Mends what was written while the clock was ahead: moments in the far future, which would otherwise silence
    /// subscribers until then.
    async fn correct_moments_ahead(&self, now: Timestamp) -> Result<()> {
        let mut corrected = 0;
        for (schedule, next) in self.schedules_ahead(now).await? {
            let day = schedule::digest_day(next, &schedule);
            corrected += self.store.bring_forward(&schedule, next, day, now).await?;
        }
        if self.store.has_email_ahead(now, longest_pause()).await? {
            corrected += self.store.bring_emails_forward(now, longest_pause()).await?;
        }
        if corrected > 0 {
            tracing::warn!(
                corrected,
                "the clock was ahead; the due times of digests and emails were corrected"
            );
        }
        Ok(())
    }

    /// The schedules of which a digest is due later than their next moment, with that moment. A subscriber who has
    /// had the digest of that day, and then chose another hour, is rightly due later.
    async fn schedules_ahead(&self, now: Timestamp) -> Result<Vec<(DigestSchedule, Timestamp)>> {
        let mut ahead = Vec::new();
        for (schedule, due) in self.store.latest_due_by_schedule(now).await? {
            let next = schedule::next_due(now, &schedule);
            if due > next.as_second() {
                let day = schedule::digest_day(next, &schedule);
                if self.store.is_any_due_after(&schedule, next, day, now).await? {
                    ahead.push((schedule, next));
                }
            }
        }
        Ok(ahead)
    }

    /// Writes digests in one transaction or, if that fails, one by one. Answers how many were queued.
    async fn write(&self, digests: &[NewDigest], now: Timestamp) -> usize {
        if let Ok(queued) = self.store.queue_digests(digests, now).await {
            return queued;
        }
        let mut queued = 0;
        for digest in digests {
            match self.store.queue_digests(std::slice::from_ref(digest), now).await {
                Ok(written) => queued += written,
                Err(error) => {
                    tracing::error!(subscriber = digest.subscriber, %error, "cannot queue a digest");
                }
            }
        }
        queued
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
