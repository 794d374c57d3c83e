//! Confirming a subscription.

use domain::{SavedSearch, SubscriberState};
use jiff::Timestamp;
use store::{MAX_SEARCHES_PER_EMAIL, ReaderId, Result, Subscriber, WriteTransaction};

use crate::{schedule::first_due, service::MailService};

/// What the page of a confirmation link shows.
#[derive(Debug, Clone, PartialEq)]
pub enum ConfirmationPage {
    /// These searches wait for confirmation.
    Waiting {
        /// The subscriber, active if the searches are added to their digest.
        subscriber: Subscriber,
        /// The searches, in order.
        searches: Vec<SavedSearch>,
    },
    /// Everything is confirmed.
    Confirmed(Subscriber),
    /// The link has expired.
    Expired,
    /// There is no such link, or its subscription has ended.
    Unknown,
}

/// The reader of the browser in which a subscription is confirmed. Their bookmarks count in heat from then on: one
/// vote for each confirmed address, whatever number of browsers it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrowserReader {
    /// The browser has a reader.
    Known(ReaderId),
    /// The browser gets a new reader.
    New {
        /// SHA-256 of the token in their cookie.
        token_hash: [u8; 32],
    },
}

/// What is confirmed.
#[derive(Debug, Clone, Copy)]
pub struct Confirmation<'a> {
    /// SHA-256 of the token in the link.
    pub token: &'a [u8; 32],
    /// Row ids of the chosen searches; `None` confirms all that wait.
    pub chosen: Option<&'a [i64]>,
    /// What [`schedule_and_length`] was when the page was shown; `None` if no page was.
    pub shown: Option<&'a str>,
    /// Who confirms.
    pub reader: Option<BrowserReader>,
}

impl<'a> Confirmation<'a> {
    /// Confirms all searches that wait.
    pub fn of_all(token: &'a [u8; 32]) -> Self {
        Self {
            token,
            chosen: None,
            shown: None,
            reader: None,
        }
    }
}

/// What confirming did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfirmOutcome {
    /// The subscription is active, and its first digest is due.
    Confirmed(Subscriber),
    /// Everything was confirmed before.
    AlreadyConfirmed(Subscriber),
    /// No search was chosen. Nothing has changed.
    NothingChosen,
    /// The subscriber would have more than [`MAX_SEARCHES_PER_EMAIL`] searches. Nothing has changed.
    TooManySearches,
    /// The request has another schedule or length than the page showed. Nothing has changed.
    RequestChanged,
    /// The link has expired.
    Expired,
    /// There is no such link, or its subscription has ended.
    Unknown,
}

/// The schedule and the number of papers, as the confirmation page shows them.
pub fn schedule_and_length(subscriber: &Subscriber) -> String {
    format!("{}, {} papers", subscriber.schedule().label(), subscriber.papers)
}

impl MailService {
    /// What a confirmation link opens. Nothing is changed.
    pub async fn confirmation_page(&self, token: &[u8; 32], now: Timestamp) -> Result<ConfirmationPage> {
        let subscriber = self.store.subscriber_by_confirm(token).await?;
        let Some(subscriber) = subscriber.filter(can_confirm) else {
            return Ok(ConfirmationPage::Unknown);
        };
        let searches = self.store.pending_searches_of(subscriber.id).await?;
        Ok(if searches.is_empty() && subscriber.is_active() {
            ConfirmationPage::Confirmed(subscriber)
        } else if subscriber.link_has_expired(now) {
            ConfirmationPage::Expired
        } else {
            ConfirmationPage::Waiting { subscriber, searches }
        })
    }

    /// Confirms a subscription: activates the chosen searches, sends email to the address again if it was suppressed,
    /// and links the reader to the subscriber. Idempotent.
    pub async fn confirm(&self, confirmation: &Confirmation<'_>, now: Timestamp) -> Result<ConfirmOutcome> {
        let mut tx = self.store.write_transaction().await?;
        let subscriber = tx.subscriber_by_confirm(confirmation.token).await?;
        let Some(subscriber) = subscriber.filter(can_confirm) else {
            return Ok(ConfirmOutcome::Unknown);
        };
        let outcome = activate(&mut tx, subscriber, confirmation, now).await?;
        if let ConfirmOutcome::Confirmed(subscriber) | ConfirmOutcome::AlreadyConfirmed(subscriber) = &outcome
        {
            // An email that was read counts more than one that bounced.
            tx.lift_suppression(&self.subscriber_address_hash(subscriber))
                .await?;
            link_reader(&mut tx, confirmation.reader, subscriber, now).await?;
            tx.commit().await?;
        }
        Ok(outcome)
    }
}

/// Unsubscribing also ends the confirmation link: a mail scanner, or an old email, must not resubscribe.
fn can_confirm(subscriber: &Subscriber) -> bool {
    subscriber.state != SubscriberState::Stopped
}

/// Activates the subscriber and the chosen searches, if the rules allow it.
async fn activate(
    tx: &mut WriteTransaction,
    subscriber: Subscriber,
    confirmation: &Confirmation<'_>,
    now: Timestamp,
) -> Result<ConfirmOutcome> {
    let was_active = subscriber.is_active();
    if let Some(shown) = confirmation.shown
        && !was_active
        && schedule_and_length(&subscriber) != shown
    {
        return Ok(ConfirmOutcome::RequestChanged);
    }
    let pending = tx.pending_search_ids(subscriber.id).await?;
    if was_active && pending.is_empty() {
        return Ok(ConfirmOutcome::AlreadyConfirmed(subscriber));
    }
    if subscriber.link_has_expired(now) {
        return Ok(ConfirmOutcome::Expired);
    }
    let wanted: Vec<i64> = pending
        .into_iter()
        .filter(|id| confirmation.chosen.is_none_or(|chosen| chosen.contains(id)))
        .collect();
    if wanted.is_empty() {
        return Ok(ConfirmOutcome::NothingChosen);
    }
    if was_active && tx.active_search_count(subscriber.id).await? + wanted.len() > MAX_SEARCHES_PER_EMAIL {
        return Ok(ConfirmOutcome::TooManySearches);
    }
    // Searches of a subscriber who comes back are replaced by the new ones.
    tx.activate_searches(subscriber.id, &wanted, was_active).await?;
    let due_at = if was_active {
        subscriber.due_at
    } else {
        Some(first_due(now, &subscriber).as_second())
    };
    tx.activate_subscriber(subscriber.id, due_at, was_active, now)
        .await?;
    Ok(ConfirmOutcome::Confirmed(Subscriber {
        state: SubscriberState::Active,
        due_at,
        ..subscriber
    }))
}

async fn link_reader(
    tx: &mut WriteTransaction,
    reader: Option<BrowserReader>,
    subscriber: &Subscriber,
    now: Timestamp,
) -> Result<()> {
    let reader = match reader {
        None => return Ok(()),
        Some(BrowserReader::Known(reader)) => reader,
        Some(BrowserReader::New { token_hash }) => tx.add_reader(&token_hash, now.as_second()).await?,
    };
    tx.link_reader(reader, subscriber.id).await
}
