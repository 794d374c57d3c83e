//! Letters: the mail with what is new, the one that asks to confirm, the goodbye. Who is due and what they get
//! ([`queue`], [`issue`]), handing it over ([`deliver`], [`pace`]), and what comes back ([`returns`]).

mod compose;
mod deliver;
mod frame;
mod issue;
mod pace;
mod preview;
mod queue;
mod returns;
mod schedule;

use domain::{EmailAddress, ListingQuery, paper::PaperCard};
use jiff::{Timestamp, civil::Date};

pub use deliver::Step;
pub use pace::{Pace, Rates};
pub use preview::Preview;
pub use returns::{BounceOutcome, ReturnedEmail};
pub use schedule::{first_due, issue_day, next_due, valid_zone};

use crate::transport::Mailer;
use domain::Suppression;
use store::tokens::{Purpose, Secret, random_bytes};
use store::{EmailTokens, Result, Store, StoreError, Subscriber, SubscriptionRequest};

/// Papers in one section at most, unless its reader wants another number.
pub const MOST_PAPERS: usize = 10;

/// Everything the mail jobs need.
#[derive(Debug, Clone)]
pub struct MailService {
    /// The library and the subscribers.
    pub store: Store,
    /// Hands letters over.
    pub mailer: Mailer,
    /// Makes tokens.
    pub secret: Secret,
    /// Without a slash at its end; every link in a letter begins with it.
    pub public_url: String,
    /// How fast letters go out.
    pub pace: Pace,
}

/// What became of a request to subscribe. Nothing of it tells whether an address is known, but for one that mail does not
/// reach: its reader could not be told in any other way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscribeOutcome {
    /// If there is anything to confirm, a letter is on its way.
    Taken,
    /// Nothing is sent to this address, and why.
    Suppressed(Suppression),
}

impl MailService {
    /// With everything there is to know; letters go out as fast as the mail server takes them.
    pub fn new(store: Store, mailer: Mailer, secret: Secret, public_url: &str) -> Self {
        Self {
            store,
            mailer,
            secret,
            public_url: public_url.to_owned(),
            pace: Pace::default(),
        }
    }

    /// Takes a request to subscribe and queues the letter that asks to confirm it. `insisting`, a reader tries once more
    /// with an address that mail did not reach.
    pub async fn subscribe(
        &self,
        email: &EmailAddress,
        wish: &SubscriptionRequest,
        insisting: bool,
        now: Timestamp,
    ) -> Result<SubscribeOutcome> {
        let address = self.address_hash(&email.key());
        let suppression = self.store.suppression(&address).await?;
        let is_tried = suppression.is_some();
        if let Some(suppression) = suppression
            && !(insisting && self.store.may_try_again(&address, now).await?)
        {
            return Ok(SubscribeOutcome::Suppressed(suppression));
        }
        let mut wish = wish.clone();
        wish.rhythm.zone = valid_zone(&wish.rhythm.zone).unwrap_or("UTC").to_owned();
        let queued = self
            .store
            .request_subscription(email, &wish, &self.fresh_tokens()?, now)
            .await?;
        if queued && is_tried {
            self.store.note_try(&address, now).await?;
        }
        tracing::info!(queued, "subscription requested");
        Ok(SubscribeOutcome::Taken)
    }

    /// Mail to this subscriber was read: whatever spoke against their address no longer does.
    pub async fn reached(&self, subscriber: &Subscriber) -> Result<()> {
        let address = self.address_of(subscriber);
        self.store.lift_suppression(&address).await
    }

    /// Why nothing is sent to a subscriber, if so.
    pub async fn suppression_of(&self, subscriber: &Subscriber) -> Result<Option<Suppression>> {
        self.store.suppression(&self.address_of(subscriber)).await
    }

    /// Queues the letter that says that the mail has stopped.
    pub async fn say_goodbye(&self, subscriber: &Subscriber, now: Timestamp) -> Result<()> {
        self.store
            .queue_goodbye(subscriber, &self.fresh_tokens()?, now)
            .await
    }

    /// The cards a new subscriber's first mail of a view would hold: today's issue if there is one, else what it would be.
    pub async fn next_papers(
        &self,
        view: &ListingQuery,
        most: usize,
        now: Timestamp,
    ) -> Result<Vec<PaperCard>> {
        let known = match self.store.known_search(view).await? {
            Some((id, _)) => self.store.issue(id, issue_day(now)).await?,
            None => None,
        };
        match known {
            Some(issue) => {
                let ids: Vec<i64> = issue
                    .papers
                    .iter()
                    .take(most)
                    .map(|paper| paper.paper_id)
                    .collect();
                self.store.cards(&ids, None, store::CARD_AUTHORS).await
            }
            None => self.store.first_of(view.listing(), most, now).await,
        }
    }

    /// What was sent of a view on a day: the cards in order with the reasons of then. `None` when there was nothing.
    pub async fn printed(&self, view_id: i64, day: Date) -> Result<Option<Vec<(PaperCard, String)>>> {
        let Some(issue) = self.store.issue(view_id, day).await? else {
            return Ok(None);
        };
        let ids: Vec<i64> = issue.papers.iter().map(|paper| paper.paper_id).collect();
        let mut cards = self.store.cards(&ids, None, store::CARD_AUTHORS).await?;
        Ok(Some(
            issue
                .papers
                .into_iter()
                .filter_map(|paper| {
                    let at = cards.iter().position(|card| card.id == paper.paper_id)?;
                    Some((cards.swap_remove(at), paper.why))
                })
                .collect(),
        ))
    }

    /// What stands for an address where it must not be kept.
    fn address_hash(&self, key: &str) -> [u8; 32] {
        self.secret.token(Purpose::Address, key.as_bytes()).hash()
    }

    fn address_of(&self, subscriber: &Subscriber) -> [u8; 32] {
        self.address_hash(&subscriber.email.to_lowercase())
    }

    fn fresh_tokens(&self) -> Result<EmailTokens> {
        let nonce: [u8; 16] =
            random_bytes().map_err(|error| StoreError::Corrupt(format!("no randomness: {error}")))?;
        Ok(EmailTokens {
            nonce,
            confirm: self.secret.token(Purpose::Confirm, &nonce).hash(),
            unsubscribe: self.secret.token(Purpose::Unsubscribe, &nonce).hash(),
            preferences: self.secret.token(Purpose::Preferences, &nonce).hash(),
        })
    }
}
