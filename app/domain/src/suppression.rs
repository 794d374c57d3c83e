//! Why an address gets no email.

use jiff::Timestamp;

/// Why an address is not written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Its reader's provider said that this is spam to them; else mail came back.
    pub is_complaint: bool,
    /// What a mail server said.
    pub words: String,
    /// Since when.
    pub at: Timestamp,
}
