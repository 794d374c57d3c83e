//! Requesting a subscription.

use domain::{EmailAddress, SubscriberState, Suppression};
use jiff::{SignedDuration, Timestamp};
use store::{ConfirmationEmail, EmailTokens, Result, SubscriptionRequest, WriteTransaction};

use crate::{schedule::valid_zone, service::MailService};

/// How long a confirmation link works.
const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The shortest time between two confirmation emails to one address, in seconds.
const CONFIRM_AGAIN_SECONDS: i64 = 600;
/// Confirmation emails to one address within a day, at most. Anyone can request them in anyone's name.
const MAX_CONFIRM_PER_DAY: i64 = 4;
/// Searches of one address that wait for confirmation, at most. Anyone can request them in anyone's name.
const MAX_PENDING_SEARCHES: i64 = 6;

/// How a request was answered. The answer does not depend on whether the address is known. A suppressed address is
/// the exception, because no email can reach its reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscribeOutcome {
    /// A confirmation email is sent if there is anything to confirm.
    Accepted,
    /// The address gets no email, for this reason.
    Suppressed(Suppression),
}

impl MailService {
    /// Accepts a request to subscribe and queues the confirmation email. With `try_again`, a suppressed address gets
    /// one more email, at most once a day.
    pub async fn subscribe(
        &self,
        email: &EmailAddress,
        request: &SubscriptionRequest,
        try_again: bool,
        now: Timestamp,
    ) -> Result<SubscribeOutcome> {
        let address = self.address_hash(&email.key());
        let tokens = self.new_tokens()?;
        let mut tx = self.store.write_transaction().await?;
        let suppression = tx.suppression(&address).await?;
        let is_suppressed = suppression.is_some();
        if let Some(suppression) = suppression
            && !(try_again && tx.may_try_again(&address, now).await?)
        {
            return Ok(SubscribeOutcome::Suppressed(suppression));
        }
        let queued = request_subscription(&mut tx, email, request, &tokens, now).await?;
        if queued && is_suppressed {
            tx.record_try(&address, now).await?;
        }
        tx.commit().await?;
        tracing::info!(queued, "subscription requested");
        Ok(SubscribeOutcome::Accepted)
    }

    /// Requests a subscription whose links have these tokens. Answers whether a confirmation email was queued.
    pub async fn request_with_tokens(
        &self,
        email: &EmailAddress,
        request: &SubscriptionRequest,
        tokens: &EmailTokens,
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.store.write_transaction().await?;
        let queued = request_subscription(&mut tx, email, request, tokens, now).await?;
        tx.commit().await?;
        Ok(queued)
    }
}

/// Adds the pending search and queues the confirmation email. Answers `false` if no email is needed or allowed now;
/// the page of an earlier confirmation email shows the new search all the same.
async fn request_subscription(
    tx: &mut WriteTransaction,
    email: &EmailAddress,
    request: &SubscriptionRequest,
    tokens: &EmailTokens,
    now: Timestamp,
) -> Result<bool> {
    let mut request = request.clone();
    request.schedule.zone = valid_zone(&request.schedule.zone).unwrap_or("UTC").to_owned();
    let subscriber = tx.request_subscriber(email, &request, now).await?;
    let (id, at) = (subscriber.id, now.as_second());
    let is_active = subscriber.state == SubscriberState::Active;
    tx.add_pending_search(id, &request.view, is_active, now).await?;
    tx.limit_pending_searches(id, MAX_PENDING_SEARCHES).await?;
    if tx.pending_search_ids(id).await?.is_empty() {
        return Ok(false);
    }
    // A confirmation resets the count, so its subscriber may make a new request at once.
    let since = subscriber.confirmed_at.unwrap_or(0).max(at - 86_400);
    let sent = tx.confirmation_emails_since(id, since, at).await?;
    let too_soon = subscriber
        .confirm_sent_at
        // A moment in the future comes from a clock that was ahead.
        .is_some_and(|sent| (at - CONFIRM_AGAIN_SECONDS + 1..=at).contains(&sent));
    let is_quiet = subscriber.quiet_until.is_some_and(|until| until > at);
    if too_soon || is_quiet || sent >= MAX_CONFIRM_PER_DAY {
        return Ok(false);
    }
    queue_confirmation(tx, id, email.domain(), tokens, now).await?;
    Ok(true)
}

/// Queues the confirmation email. If an earlier link still works, this email has the same one, so both emails work.
async fn queue_confirmation(
    tx: &mut WriteTransaction,
    subscriber: i64,
    domain: &str,
    tokens: &EmailTokens,
    now: Timestamp,
) -> Result<()> {
    let open = tx.open_confirmation(subscriber, now).await?;
    let (nonce, confirm, unsubscribe) = match &open {
        // The unsubscribe link is made from the nonce, so it is the same too, and its hash is stored already.
        Some(open) => (open.nonce.as_slice(), open.confirm_hash.as_slice(), None),
        None => (
            tokens.nonce.as_slice(),
            tokens.confirm.as_slice(),
            Some(tokens.unsubscribe.as_slice()),
        ),
    };
    let expires = now.saturating_add(CONFIRM_WITHIN).unwrap_or(now);
    tx.set_confirmation(subscriber, confirm, expires, now).await?;
    let email = ConfirmationEmail {
        subscriber,
        domain,
        nonce,
        unsubscribe_hash: unsubscribe,
    };
    tx.queue_confirmation(email, now).await
}
