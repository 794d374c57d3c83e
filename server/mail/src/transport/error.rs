//! Why an email was not sent.

use crate::status::Blame;

/// Why an email was not sent, and so when to try again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Try again: a 4xx reply, a full disk.
    #[error("{0}")]
    Later(String),
    /// The server asks to slow down (421): try again, and wait with other emails to this domain.
    #[error("{0}")]
    SlowDown(String),
    /// The server is unreachable, the connection broke, or our login was refused. The email is not at fault.
    #[error("{0}")]
    Unreachable(String),
    /// A 5xx reply to this email: do not try again.
    #[error("{words}")]
    Permanent {
        /// What the server said.
        words: String,
        /// What it says about the address.
        blame: Blame,
    },
}

impl SendError {
    /// The email itself cannot be sent. No server was asked.
    pub(super) fn unsendable(error: &dyn std::fmt::Display) -> Self {
        Self::Permanent {
            words: error.to_string(),
            blame: Blame::None,
        }
    }

    /// Reads the reply of the mail server.
    pub(super) fn of_reply(error: &lettre::transport::smtp::Error) -> Self {
        /// Replies to our login (RFC 4954, section 6). They are about our settings: once these are corrected, the
        /// email can be sent.
        const LOGIN: [u16; 5] = [454, 530, 534, 535, 538];
        let words = error.to_string();
        let code = error.status().map(u16::from);
        match code {
            Some(code) if LOGIN.contains(&code) => Self::Unreachable(words),
            Some(421) => Self::SlowDown(words),
            Some(400..=499) => Self::Later(words),
            Some(500..) => Self::Permanent {
                blame: Blame::of(code, &words),
                words,
            },
            _ => Self::Unreachable(words),
        }
    }
}
