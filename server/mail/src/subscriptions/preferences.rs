//! Changing preferences: the schedule, the length, a pause, and the searches.

use domain::listing_query::NamedListing;
use jiff::Timestamp;
use store::{Preferences, Result, Subscriber, WriteTransaction};

use crate::{
    schedule::{local_day, next_due},
    service::MailService,
};

/// How many due moments are tried in turn for the next digest.
const DAYS_TRIED: usize = 8;

/// The numbers of papers per search from which a subscriber can choose.
pub const PAPERS_PER_SEARCH: [i64; 3] = [5, 10, 20];

/// The searches that a form was submitted with.
#[derive(Debug, Clone, PartialEq)]
pub struct ChosenSearches {
    /// The searches, in the order of the email.
    pub searches: Vec<NamedListing>,
    /// Row ids of the searches that the form showed. Only these are replaced: a search that was confirmed since then
    /// stays.
    /// `None` replaces all.
    pub shown: Option<Vec<i64>>,
}

/// What a subscriber has submitted.
#[derive(Debug, Clone, PartialEq)]
pub struct PreferencesChange {
    /// The schedule, the length and the pause.
    pub preferences: Preferences,
    /// The searches; `None` leaves them as they are.
    pub searches: Option<ChosenSearches>,
    /// Whether a subscription that has ended begins again.
    pub resume: bool,
}

/// What saving preferences did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreferencesOutcome {
    /// They are saved.
    Saved,
    /// The address is not confirmed yet. Nothing has changed.
    Unconfirmed,
    /// There is no such link.
    Unknown,
}

impl MailService {
    /// Saves the preferences of a preferences link (`token` is the SHA-256 of its token).
    pub async fn save_preferences(
        &self,
        token: &[u8; 32],
        change: &PreferencesChange,
        now: Timestamp,
    ) -> Result<PreferencesOutcome> {
        let PreferencesChange {
            preferences,
            searches,
            resume,
        } = change;
        let mut tx = self.store.write_transaction().await?;
        let Some(subscriber) = tx.subscriber_by_preferences(token).await? else {
            return Ok(PreferencesOutcome::Unknown);
        };
        let due = next_digest(&mut tx, &subscriber, preferences, now).await?;
        if !tx
            .save_preferences(subscriber.id, preferences, due, *resume, now)
            .await?
        {
            return Ok(PreferencesOutcome::Unconfirmed);
        }
        if let Some(ChosenSearches { searches, shown }) = searches {
            tx.replace_searches(subscriber.id, shown.as_deref(), searches, now)
                .await?;
        }
        if *resume {
            // The link is from an email that was read.
            tx.lift_suppression(&self.subscriber_address_hash(&subscriber))
                .await?;
        }
        tx.commit().await?;
        Ok(PreferencesOutcome::Saved)
    }
}

/// When the next digest is due under new preferences. A digest that is due now is still sent. A day that has had its
/// digest does not get a second one.
async fn next_digest(
    tx: &mut WriteTransaction,
    subscriber: &Subscriber,
    preferences: &Preferences,
    now: Timestamp,
) -> Result<Timestamp> {
    let schedule = &preferences.schedule;
    let from = preferences
        .paused_until
        .and_then(|until| Timestamp::from_second(until - 1).ok())
        .map_or(now, |until| until.max(now));
    let due_now = subscriber
        .due_at
        .and_then(|due| Timestamp::from_second(due).ok())
        .filter(|due| *due <= now && subscriber.is_active() && preferences.paused_until.is_none())
        .filter(|due| schedule.days.has(local_day(*due, &schedule.zone).weekday()));
    let mut due = due_now.unwrap_or_else(|| next_due(from, schedule));
    for _ in 0..DAYS_TRIED {
        if !tx
            .has_digest_of(subscriber.id, local_day(due, &schedule.zone))
            .await?
        {
            break;
        }
        due = next_due(due.max(from), schedule);
    }
    Ok(due)
}
