//! Random tokens, and what is stored of them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
#[expect(clippy::disallowed_types, reason = "the one source of random bytes")]
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The secret of the program. It signs cookies, and with a random nonce it makes the tokens of emails.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes key material of any length; a configured secret may be a passphrase.
    pub fn new(material: &[u8]) -> Self {
        use sha2::Sha512;
        Self(Sha512::digest(material).to_vec())
    }

    /// 64 bytes for signing cookies.
    pub fn cookie_key(&self) -> &[u8] {
        &self.0
    }

    /// The token of the email with this nonce, for one purpose.
    pub fn token(&self, purpose: Purpose, nonce: &[u8]) -> Token {
        // HMAC takes keys of any length; this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return Token([0; 32]);
        };
        mac.update(purpose.code().as_bytes());
        mac.update(nonce);
        Token(mac.finalize().into_bytes().into())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To confirm a subscription.
    Confirm,
    /// To unsubscribe.
    Unsubscribe,
    /// To see and change preferences.
    Preferences,
    /// To report a bounce: part of the return path and the Message-ID.
    Bounce,
    /// Nothing. It stands for an address that must not be stored itself.
    Address,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Self::Confirm => "confirm:",
            Self::Unsubscribe => "unsubscribe:",
            Self::Preferences => "preferences:",
            Self::Bounce => "bounce:",
            Self::Address => "address:",
        }
    }
}

/// 256 random bits that only their owner knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// A new token.
    pub fn random() -> std::io::Result<Self> {
        Ok(Self(random_bytes()?))
    }

    /// Reads a token from a link or cookie; `None` for any other text.
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// The text for a link or cookie.
    pub fn write(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The first 80 bits in hexadecimal, for email headers: short, and safe where case may get lost. Compare with
    /// [`Token::has_mark`].
    pub fn mark(&self) -> String {
        self.0[..10].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether this is the mark of the token. Takes constant time.
    pub fn has_mark(&self, mark: &str) -> bool {
        bool::from(self.mark().as_bytes().ct_eq(mark.as_bytes()))
    }

    /// The SHA-256 hash, which is all that the database stores. A lookup by hash need not take constant time: it reveals
    /// nothing about the token.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Random bytes from the operating system.
pub fn random_bytes<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(std::io::Error::other)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_other_text_does_not() {
        let token = Token::random().expect("randomness");
        assert_eq!(Token::read(&token.write()), Some(token));
        for text in ["", "abc", "=", &"A".repeat(1_000), &token.write()[1..]] {
            assert_eq!(Token::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_token_is_the_same_on_every_attempt_and_differs_by_purpose() {
        let secret = Secret::new(b"secret");
        assert_eq!(
            secret.token(Purpose::Confirm, b"nonce"),
            secret.token(Purpose::Confirm, b"nonce")
        );
        assert_ne!(
            secret.token(Purpose::Confirm, b"nonce"),
            secret.token(Purpose::Unsubscribe, b"nonce")
        );
    }
}
