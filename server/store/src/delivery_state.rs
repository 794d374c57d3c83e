//! What an email is, and how far its delivery has come.

use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::StoreError;

/// What an email is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailKind {
    /// It asks to confirm a subscription.
    Confirm,
    /// The scheduled email with new papers.
    Digest,
    /// It confirms that the subscription has ended.
    Goodbye,
}

/// How far the delivery of an email has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// Not tried yet.
    Queued,
    /// A sender has leased it.
    Sending,
    /// Waits for another try.
    Deferred,
    /// The mail server has accepted it.
    Sent,
    /// Refused permanently, or returned.
    Bounced,
    /// Given up after the last try.
    Failed,
    /// The address is suppressed.
    Suppressed,
    /// No longer wanted.
    Dropped,
}

/// How an email ends that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinalState {
    /// Refused permanently.
    Bounced,
    /// Given up after the last try.
    Failed,
    /// The address is suppressed.
    Suppressed,
    /// No longer wanted.
    Dropped,
}

impl EmailKind {
    const ALL: [Self; 3] = [Self::Confirm, Self::Digest, Self::Goodbye];

    /// Its text in the database, in Message-IDs and in the JSON download.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Digest => "digest",
            Self::Goodbye => "goodbye",
        }
    }
}

impl DeliveryState {
    const ALL: [Self; 8] = [
        Self::Queued,
        Self::Sending,
        Self::Deferred,
        Self::Sent,
        Self::Bounced,
        Self::Failed,
        Self::Suppressed,
        Self::Dropped,
    ];

    /// Its text in the database and in the JSON download.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Deferred => "deferred",
            Self::Sent => "sent",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
            Self::Suppressed => "suppressed",
            Self::Dropped => "dropped",
        }
    }
}

impl From<FinalState> for DeliveryState {
    fn from(state: FinalState) -> Self {
        match state {
            FinalState::Bounced => Self::Bounced,
            FinalState::Failed => Self::Failed,
            FinalState::Suppressed => Self::Suppressed,
            FinalState::Dropped => Self::Dropped,
        }
    }
}

impl FromStr for EmailKind {
    type Err = StoreError;

    fn from_str(code: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or_else(|| StoreError::Corrupt(format!("“{code}” is not a kind of email")))
    }
}

impl FromStr for DeliveryState {
    type Err = StoreError;

    fn from_str(code: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or_else(|| StoreError::Corrupt(format!("“{code}” is not the state of an email")))
    }
}

impl Serialize for EmailKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl Serialize for DeliveryState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_an_unknown_code_is_an_error() {
        for kind in EmailKind::ALL {
            assert_eq!(kind.code().parse::<EmailKind>().expect("a kind"), kind);
        }
        for state in DeliveryState::ALL {
            assert_eq!(state.code().parse::<DeliveryState>().expect("a state"), state);
        }
        assert!("newsletter".parse::<EmailKind>().is_err());
        assert!("lost".parse::<DeliveryState>().is_err());
    }
}
