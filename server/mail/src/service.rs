//! The mail service: what all parts of this package share.

use domain::Suppression;
use store::{
    EmailTokens, Result, Store, StoreError, Subscriber,
    tokens::{Purpose, Secret, Token, random_bytes},
};

use crate::{pace::Pace, transport::Mailer};

/// Handles subscriptions and sends emails. Cheap to clone. Its methods stand in the file of their subject.
#[derive(Debug, Clone)]
pub struct MailService {
    /// The database.
    pub store: Store,
    /// Sends emails.
    pub mailer: Mailer,
    /// Signs tokens.
    pub secret: Secret,
    /// The address of this site, without a slash at its end. Every link in an email begins with it.
    pub public_url: String,
    /// How fast emails are sent.
    pub pace: Pace,
}

impl MailService {
    /// A service without rate limits.
    pub fn new(store: Store, mailer: Mailer, secret: Secret, public_url: &str) -> Self {
        Self {
            store,
            mailer,
            secret,
            public_url: public_url.to_owned(),
            pace: Pace::default(),
        }
    }

    /// Why a subscriber gets no email; `None` if the address is not suppressed.
    pub async fn suppression_of(&self, subscriber: &Subscriber) -> Result<Option<Suppression>> {
        self.store
            .suppression(&self.subscriber_address_hash(subscriber))
            .await
    }

    /// HMAC of an address in lower case, for tables that must not hold the address.
    pub(crate) fn address_hash(&self, key: &str) -> [u8; 32] {
        self.secret.token(Purpose::Address, key.as_bytes()).hash()
    }

    /// [`MailService::address_hash`] of a subscriber.
    pub(crate) fn subscriber_address_hash(&self, subscriber: &Subscriber) -> [u8; 32] {
        self.address_hash(&subscriber.email.to_lowercase())
    }

    /// Random tokens for a new email.
    pub(crate) fn new_tokens(&self) -> Result<EmailTokens> {
        let nonce: [u8; 16] =
            random_bytes().map_err(|error| StoreError::Corrupt(format!("no random bytes: {error}")))?;
        Ok(EmailTokens {
            nonce,
            confirm: self.secret.token(Purpose::Confirm, &nonce).hash(),
            unsubscribe: self.secret.token(Purpose::Unsubscribe, &nonce).hash(),
            preferences: self.secret.token(Purpose::Preferences, &nonce).hash(),
        })
    }

    /// The mark by which a returned email is recognised, such as `17.0123456789abcdef0123`. `email` is its row id.
    pub(crate) fn mark(&self, email: i64, nonce: &[u8]) -> String {
        format!("{email}.{}", self.bounce_token(nonce).mark())
    }

    /// The token whose beginning is part of the mark.
    pub(crate) fn bounce_token(&self, nonce: &[u8]) -> Token {
        self.secret.token(Purpose::Bounce, nonce)
    }
}
