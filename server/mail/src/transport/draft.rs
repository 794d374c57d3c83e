//! The content of an email.

use domain::EmailAddress;

/// An email without its headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who gets it.
    pub to: EmailAddress,
    /// The subject, on one line.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part, with the same content.
    pub html: String,
    /// The left side of the Message-ID. A repeated email has the same one.
    pub id: String,
    /// Part of the return path, by which a returned email is recognised.
    pub mark: String,
    /// A POST to this address unsubscribes (RFC 8058).
    pub unsubscribe_url: String,
}
