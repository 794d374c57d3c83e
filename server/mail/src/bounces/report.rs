//! What a returned email says, and why an email is not a report.

/// What a returned email says: a delivery status notification (RFC 3464) or an abuse report (RFC 5965).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What there is to do.
    pub kind: Kind,
    /// Every `bounce.<digits>.<hex>` in the addresses to which the report was sent, then in the returned email; in
    /// lower case, without repetitions. Anyone can write one: the caller checks the hex.
    pub marks: Vec<String>,
    /// The Message-ID of the returned email, without angle brackets. If the report does not include the email, those
    /// that it replies to. They prove nothing, because they can be guessed.
    pub message_ids: Vec<String>,
    /// The recipients, in the order of the report. A complaint often names none.
    pub recipients: Vec<Recipient>,
}

/// What a report asks of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The email will not be delivered to at least one recipient.
    Failed,
    /// Nothing: the email is still being tried, it was delivered, or a reader took a complaint back.
    Passing,
    /// The reader reported the email as spam.
    Complaint,
}

/// One recipient of the returned email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address to which we sent the email, if the report has it (Original-Recipient); else the one to which it
    /// was delivered last.
    pub address: String,
    /// What happened to the email. `None` in a complaint, and if the report does not say it in a known form.
    pub action: Option<Action>,
    /// The enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// The text of the other server on one line, at most 200 characters, without control characters.
    pub diagnostic: Option<String>,
}

/// What happened to an email to one recipient (RFC 3464, section 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Given up.
    Failed,
    /// Not delivered yet; the server tries again.
    Delayed,
    /// Delivered to the mailbox.
    Delivered,
    /// Passed on to a server that does not report successes.
    Relayed,
    /// Delivered to a mailing list, and sent on to others.
    Expanded,
}

/// Why an email is not a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAReport {
    /// No bytes, or only white space.
    #[error("the email is empty")]
    Empty,
    /// More than 1 MiB.
    #[error("the email is larger than any report: {0} bytes")]
    TooLarge(usize),
    /// It has no header field, or the parser gives up.
    #[error("not a valid email message")]
    Unreadable,
    /// An automatic reply, such as an out-of-office note.
    #[error("an automatic reply, such as an out-of-office note")]
    AutoReply,
    /// Any other email.
    #[error("an ordinary email: it has neither a delivery status nor an abuse report")]
    Ordinary,
    /// A delivery status without Final-Recipient.
    #[error("a delivery status that names no recipient")]
    NoRecipient,
    /// An abuse report without Feedback-Type.
    #[error("an abuse report without a type")]
    NoFeedbackType,
}
