//! Email addresses.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An address that looks right: one `@`, no control character, no space, a domain with a dot, at most 254 bytes
/// (RFC 5321 §4.5.3.1.3). Only the confirmation email can show that someone reads it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// What is wrong with an address, for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// The field was empty.
    #[error("Enter your email address.")]
    Empty,
    /// A line break or another control character, which is often an attempt to add email headers; or a space.
    #[error("An email address cannot contain spaces or line breaks.")]
    Characters,
    /// No `@`, or more than one.
    #[error("An email address needs exactly one “@”, as in you@university.edu.")]
    At,
    /// The part before the `@` is not valid.
    #[error("The part before the “@” is not valid.")]
    Local,
    /// The part after the `@` is not a domain.
    #[error("The part after the “@” must be a domain, as in university.edu.")]
    Domain,
    /// Longer than email systems allow.
    #[error("This email address is longer than 254 characters, which email systems do not accept.")]
    TooLong,
}

impl EmailAddress {
    /// The address as typed, without spaces around it and with its domain in small letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`, in small letters.
    pub fn domain(&self) -> &str {
        self.0.rsplit('@').next().unwrap_or_default()
    }

    /// The address in small letters, by which two spellings of one mailbox are recognised. RFC 5321 allows a
    /// case-sensitive local part, but no provider in common use has one.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // CR and LF are refused even at the ends: a one-line field never sends them.
        if text.chars().any(char::is_control) {
            return Err(InvalidEmail::Characters);
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidEmail::Empty);
        }
        if text.len() > 254 {
            return Err(InvalidEmail::TooLong);
        }
        if text.chars().any(char::is_whitespace) {
            return Err(InvalidEmail::Characters);
        }
        let mut parts = text.split('@');
        let (Some(local), Some(domain), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(InvalidEmail::At);
        };
        let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        if local.is_empty()
            || local.len() > 64
            || !local.chars().all(atext)
            || local.starts_with('.')
            || local.ends_with('.')
            || local.contains("..")
        {
            return Err(InvalidEmail::Local);
        }
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let dotted = domain.contains('.') && domain.split('.').all(label);
        let top_is_a_word = domain
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() >= 2 && top.bytes().any(|b| b.is_ascii_alphabetic()));
        if !dotted || !top_is_a_word {
            return Err(InvalidEmail::Domain);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_accepted() {
        for text in [
            "ada@example.org",
            " ada.lovelace+papers@cs.Example.ORG ",
            "o'neil@x-y.co.uk",
        ] {
            assert!(text.parse::<EmailAddress>().is_ok(), "{text}");
        }
        assert_eq!(
            "Ada@Example.ORG".parse::<EmailAddress>().expect("valid").as_str(),
            "Ada@example.org"
        );
        assert_eq!(
            "Ada@Example.ORG".parse::<EmailAddress>().expect("valid").key(),
            "ada@example.org"
        );
    }

    #[test]
    fn any_other_text_is_refused_with_its_reason() {
        use InvalidEmail::*;
        for (text, why) in [
            ("", Empty),
            ("ada", At),
            ("a@b@c.org", At),
            ("@example.org", Local),
            ("a..b@example.org", Local),
            ("ada@localhost", Domain),
            ("ada@-x.org", Domain),
            ("ada@1.2.3.4", Domain),
            ("ada@example.org\r\nBcc: everyone@example.org", Characters),
            ("ada@example.org\n", Characters),
            ("ada\u{0}@example.org", Characters),
            ("a da@example.org", Characters),
            ("<ada@example.org>", Local),
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(why), "{text:?}");
        }
        assert_eq!(
            format!("{}@example.org", "a".repeat(260)).parse::<EmailAddress>(),
            Err(TooLong)
        );
    }
}
