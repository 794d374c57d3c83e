//! Unsubscribing.

use domain::SubscriberState;
use jiff::{SignedDuration, Timestamp};
use store::{Result, Subscriber, WriteTransaction};

use crate::service::MailService;

/// An address that was never confirmed gets no confirmation email for this long after it has unsubscribed. Anyone can
/// request one in anyone's name.
const QUIET: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How an unsubscribe link was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsubscribedBy {
    /// By the button of its page. A goodbye is sent, with a link to come back in case it was a mistake.
    Page,
    /// By a mail program in one click (RFC 8058). No further email is sent.
    MailProgram,
}

impl MailService {
    /// Ends the subscription of an unsubscribe link (`token` is the SHA-256 of its token). Idempotent. `None` if
    /// there is no such link.
    pub async fn unsubscribe(
        &self,
        token: &[u8; 32],
        by: UnsubscribedBy,
        now: Timestamp,
    ) -> Result<Option<Subscriber>> {
        let mut tx = self.store.write_transaction().await?;
        let Some(subscriber) = tx.subscriber_by_unsubscribe(token).await? else {
            return Ok(None);
        };
        let stopped = self
            .stop(&mut tx, subscriber, by == UnsubscribedBy::Page, now)
            .await?;
        tx.commit().await?;
        Ok(Some(stopped))
    }

    /// Ends the subscription of a preferences link (`token` is the SHA-256 of its token) and sends a goodbye.
    /// Idempotent. `None` if there is no such link.
    pub async fn unsubscribe_by_preferences(
        &self,
        token: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Subscriber>> {
        let mut tx = self.store.write_transaction().await?;
        let Some(subscriber) = tx.subscriber_by_preferences(token).await? else {
            return Ok(None);
        };
        let stopped = self.stop(&mut tx, subscriber, true, now).await?;
        tx.commit().await?;
        Ok(Some(stopped))
    }

    /// Deletes the subscriber of a preferences link (`token` is the SHA-256 of its token) with all their data. False if
    /// there is no such link.
    pub async fn delete_by_preferences(&self, token: &[u8; 32]) -> Result<bool> {
        let mut tx = self.store.write_transaction().await?;
        let Some(subscriber) = tx.subscriber_by_preferences(token).await? else {
            return Ok(false);
        };
        tx.delete_subscriber(subscriber.id).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends a subscription and removes its pending searches and waiting emails. Only an active subscriber gets a
    /// goodbye.
    async fn stop(
        &self,
        tx: &mut WriteTransaction,
        subscriber: Subscriber,
        wants_goodbye: bool,
        now: Timestamp,
    ) -> Result<Subscriber> {
        let quiet_until = now.saturating_add(QUIET).unwrap_or(now);
        tx.stop_subscriber(subscriber.id, quiet_until).await?;
        tx.remove_pending_searches(subscriber.id).await?;
        tx.drop_waiting_emails(subscriber.id).await?;
        if wants_goodbye && subscriber.is_active() {
            tx.queue_goodbye(&subscriber, &self.new_tokens()?, now).await?;
        }
        Ok(Subscriber {
            state: SubscriberState::Stopped,
            due_at: None,
            ..subscriber
        })
    }
}
