//! Why an address is refused.

/// What is wrong with an address. Shown to the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// The field was empty.
    #[error("Enter your email address.")]
    Empty,
    /// Contains a space, a line break or another control character. The last two are often attempts to inject email headers.
    #[error("An email address cannot contain spaces or line breaks.")]
    Characters,
    /// No `@`, or more than one.
    #[error("An email address needs exactly one “@”, as in you@university.edu.")]
    At,
    /// The part before the `@` is not valid.
    #[error("The part before the “@” is not valid.")]
    Local,
    /// The part before the `@` contains a character that only mail servers with SMTPUTF8 (RFC 6531) deliver. It may look
    /// like an ASCII letter, so the message shows its code point.
    #[error(
        "The part before the “@” is not valid: it contains “{0}” (U+{code:04X}). Broadsheet can only send email to \
         addresses with the letters a to z, digits and signs such as “.” in that part.", code = u32::from(*.0)
    )]
    LocalNotAscii(char),
    /// The part after the `@` is not a domain.
    #[error("The part after the “@” must be a domain, as in university.edu.")]
    Domain,
    /// Longer than email systems allow.
    #[error("This email address is longer than 254 characters, which email systems do not accept.")]
    TooLong,
}
