//! The state of a subscription.

use std::str::FromStr;

/// Whether an address receives the digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubscriberState {
    /// The address is not confirmed yet.
    Pending,
    /// The digest is sent to the address.
    Active,
    /// Its reader has unsubscribed, or emails to it bounced.
    Stopped,
}

/// A stored state that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not the state of a subscription")]
pub struct UnknownSubscriberState(pub String);

impl SubscriberState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Active, Self::Stopped];

    /// Its text in the database and in the JSON download.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Stopped => "stopped",
        }
    }
}

impl FromStr for SubscriberState {
    type Err = UnknownSubscriberState;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or_else(|| UnknownSubscriberState(code.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_an_unknown_code_is_an_error() {
        for state in SubscriberState::ALL {
            assert_eq!(state.code().parse(), Ok(state));
        }
        assert_eq!(
            "asleep".parse::<SubscriberState>(),
            Err(UnknownSubscriberState("asleep".to_owned()))
        );
    }
}
