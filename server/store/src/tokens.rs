//! Random tokens, and what is stored of them.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
#[expect(clippy::disallowed_types, reason = "the one source of random bytes")]
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The secret of the program, and the keys that are derived from it: one for each purpose (HKDF, RFC 5869).
#[derive(Clone)]
pub struct Secret {
    root: [u8; 64],
    cookie: [u8; 64],
}

impl Secret {
    /// Takes key material of any length; a configured secret may be a passphrase.
    pub fn new(material: &[u8]) -> Self {
        use sha2::Sha512;
        let root = Sha512::digest(material).into();
        Self {
            root,
            cookie: derived(&root, "cookie"),
        }
    }

    /// 64 bytes for signing cookies.
    pub fn cookie_key(&self) -> &[u8] {
        &self.cookie
    }

    /// The key that signed cookies before each purpose had a key of its own. Only for checking them.
    pub fn old_cookie_key(&self) -> &[u8] {
        &self.root
    }

    /// The token of the email with this nonce, for one purpose.
    pub fn token(&self, purpose: Purpose, nonce: &[u8]) -> Token {
        let key: [u8; 32] = derived(&self.root, purpose.code());
        Token(hmac(&key, &[nonce]))
    }

    /// The token that an email with this nonce has if it was queued before each purpose had a key of its own. Only for
    /// checking tokens, and for repeating such an email unchanged.
    pub fn old_token(&self, purpose: Purpose, nonce: &[u8]) -> Token {
        Token(hmac(&self.root, &[purpose.code().as_bytes(), b":", nonce]))
    }
}

/// A key for one purpose.
fn derived<const N: usize>(root: &[u8; 64], purpose: &str) -> [u8; N] {
    let mut key = [0; N];
    let info = ["broadsheet 2026 ", purpose];
    let expanded = Hkdf::<Sha256>::new(None, root).expand_multi_info(&info.map(str::as_bytes), &mut key);
    debug_assert!(expanded.is_ok(), "HKDF gives up to 8160 bytes");
    key
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length; this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
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
            Self::Confirm => "confirm",
            Self::Unsubscribe => "unsubscribe",
            Self::Preferences => "preferences",
            Self::Bounce => "bounce",
            Self::Address => "address",
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

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let secret = Secret::new(b"secret");
        assert_ne!(secret.cookie_key(), secret.old_cookie_key());
        assert_eq!(
            (secret.cookie_key().len(), secret.old_cookie_key().len()),
            (64, 64)
        );
        assert_ne!(
            secret.token(Purpose::Confirm, b"nonce"),
            secret.old_token(Purpose::Confirm, b"nonce")
        );
        // What the release before this one computed: links that were sent with it must still be known.
        assert_eq!(
            secret.old_token(Purpose::Confirm, b"nonce").write(),
            "pD5tselXri4eTFHFmPoRrWU89RpHOGH8GLZ7cD_1yBo"
        );
    }
}
