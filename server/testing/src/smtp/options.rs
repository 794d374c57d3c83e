//! What a test tells the mail server, and what it gets back.

use std::time::Duration;

/// What the server does with the next email (the next MAIL command on any connection). Without instructions it
/// accepts every email, or applies the rule of `MailServer::always`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Accepts the email.
    Take,
    /// Answers MAIL with this code.
    RefuseSender(u16),
    /// Answers RCPT with this code.
    RefuseRecipient(u16),
    /// Answers RCPT with this code and a text such as `5.1.1 no such user`.
    RefuseRecipientWith(u16, &'static str),
    /// Reads the whole email and answers with this code.
    RefuseEmail(u16),
    /// Reads and keeps the whole email, then waits this long before it answers.
    Slowly(Duration),
    /// Answers 421 to MAIL and closes the connection.
    Goodbye,
    /// Reads a part of the email and closes the connection.
    HangUpInEmail,
    /// Reads and keeps the whole email, then closes the connection without an answer.
    HangUpAfterEmail,
}

/// How connections are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tls {
    /// Not at all.
    #[default]
    None,
    /// By STARTTLS, which is required.
    Upgraded,
    /// From the first byte, as on port 465.
    Implicit,
}

/// How clients must connect.
#[derive(Debug, Clone, Copy, Default)]
pub struct ServerOptions {
    /// The encryption.
    pub tls: Tls,
    /// The user and password that are required. With `None`, no login is required and every login is refused.
    pub login: Option<(&'static str, &'static str)>,
}

/// An email as it was received, with dot-stuffing undone.
#[derive(Debug, Clone)]
pub struct Received {
    /// The whole MAIL command.
    pub from: String,
    /// The whole RCPT commands.
    pub to: Vec<String>,
    /// Headers and body.
    pub bytes: Vec<u8>,
}

impl Received {
    /// The addresses of its recipients.
    pub fn recipients(&self) -> impl Iterator<Item = &str> {
        self.to.iter().map(|command| address_in(command))
    }

    /// The Message-ID, with its angle brackets.
    pub fn message_id(&self) -> Option<&str> {
        self.bytes
            .split(|byte| *byte == b'\n')
            .take_while(|line| !line.trim_ascii().is_empty())
            .filter_map(|line| std::str::from_utf8(line).ok()?.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("message-id"))
            .map(|(_, id)| id.trim())
    }
}

/// The address between the angle brackets of a MAIL or RCPT command.
pub(super) fn address_in(command: &str) -> &str {
    let inside = command.split_once('<').map_or(command, |(_, rest)| rest);
    inside.rsplit_once('>').map_or(inside, |(address, _)| address)
}
