//! Why an address gets no email.

use jiff::Timestamp;

/// The reason why an address gets no email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// True if a recipient reported an email as spam; false if an email bounced.
    pub is_complaint: bool,
    /// The reason that the mail server gave.
    pub words: String,
    /// When it happened.
    pub at: Timestamp,
}
