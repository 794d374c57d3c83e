//! Why a request failed.

use std::time::Duration;

use domain::Upstream;
use jiff::Timestamp;
use jobs::Failure;
use store::StoreError;

/// Why there is no usable response.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The failure may be temporary; trying again can help.
    #[error("{message}")]
    Passing {
        /// What happened.
        message: String,
        /// The pause that the server asked for.
        retry_after: Option<Duration>,
    },
    /// The failure is permanent; trying again soon does not help.
    #[error("{0}")]
    Refused(String),
    /// No request was sent, because it is too early.
    #[error("no request may be sent before {until}")]
    Resting {
        /// The earliest moment.
        until: Timestamp,
    },
    /// Our own database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FetchError {
    /// A failure that may be temporary.
    pub fn passing(message: impl Into<String>) -> Self {
        Self::Passing {
            message: message.into(),
            retry_after: None,
        }
    }

    /// A failure of the connection. The message leaves out the URL, because it may contain something private.
    pub(super) fn network(upstream: Upstream, error: &reqwest::Error) -> Self {
        let name = upstream.short_label();
        Self::passing(if error.is_timeout() {
            format!("{name} did not answer in time")
        } else if error.is_connect() {
            format!("{name} cannot be reached")
        } else {
            format!("the connection to {name} closed before the response was complete")
        })
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Resting { until } => Self::Postponed {
                message: error.to_string(),
                until,
            },
            FetchError::Store(error) => Self::Store(error),
            FetchError::Passing { .. } | FetchError::Refused(_) => Self::Failed(error.to_string()),
        }
    }
}
