//! The mail service: what all parts of this package share.

use domain::Suppression;
use store::{
    AddressHash, EmailTokens, Result, Store, StoreError, Subscriber,
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

    /// HMACs of an address in lower case, for tables that must not hold the address.
    pub(crate) fn address_hash(&self, key: &str) -> AddressHash {
        AddressHash {
            current: self.secret.token(Purpose::Address, key.as_bytes()).hash(),
            old: self.secret.old_token(Purpose::Address, key.as_bytes()).hash(),
        }
    }

    /// [`MailService::address_hash`] of a subscriber.
    pub(crate) fn subscriber_address_hash(&self, subscriber: &Subscriber) -> AddressHash {
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

    /// Makes the tokens of the email with this nonce. `unsubscribe_hash` is the stored hash of its unsubscribe token.
    /// An email that was queued by an earlier release keeps the tokens whose hashes are stored.
    pub(crate) fn signer<'a>(&'a self, nonce: &'a [u8], unsubscribe_hash: Option<&[u8]>) -> Signer<'a> {
        let old = self.secret.old_token(Purpose::Unsubscribe, nonce).hash();
        Signer {
            secret: &self.secret,
            nonce,
            is_old: unsubscribe_hash == Some(old.as_slice()),
        }
    }

    /// Whether an email with this nonce has this mark.
    pub(crate) fn has_mark(&self, nonce: &[u8], mark: &str) -> bool {
        let (token, old) = (
            self.secret.token(Purpose::Bounce, nonce),
            self.secret.old_token(Purpose::Bounce, nonce),
        );
        token.has_mark(mark) || old.has_mark(mark)
    }
}

/// Makes the tokens of one email.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    secret: &'a Secret,
    nonce: &'a [u8],
    is_old: bool,
}

impl Signer<'_> {
    /// The token for one purpose.
    pub(crate) fn token(&self, purpose: Purpose) -> Token {
        if self.is_old {
            self.secret.old_token(purpose, self.nonce)
        } else {
            self.secret.token(purpose, self.nonce)
        }
    }

    /// The mark by which a returned email is recognised, such as `17.0123456789abcdef0123`. `email` is its row id.
    pub(crate) fn mark(&self, email: i64) -> String {
        format!("{email}.{}", self.token(Purpose::Bounce).mark())
    }
}
