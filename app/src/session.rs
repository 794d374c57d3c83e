//! Readers without an account, known by a random token in a signed cookie.

use cookie::{Cookie, CookieJar, Key, SameSite, time::Duration};
use jiff::Timestamp;
use store::{
    ReaderId, Result, Store, StoreError,
    tokens::{Secret, Token},
};

const NAME: &str = "reader";
/// Browsers delete cookies after at most 400 days (RFC 6265bis). Each bookmark renews the cookie.
const MAX_AGE: Duration = Duration::days(400);

/// What a request's cookie says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// No cookie, or the cookie of a reader that no longer exists.
    Anonymous,
    /// A cookie that this server did not sign.
    Forged,
    /// The cookie of this reader.
    Reader(ReaderId),
}

/// Reads and makes reader cookies.
#[derive(Debug, Clone)]
pub struct Sessions {
    store: Store,
    key: Key,
    /// Cookies of earlier releases are checked with this key; no cookie is signed with it.
    old_key: Key,
    secure: bool,
}

impl Session {
    /// The reader, if there is one.
    pub fn reader(self) -> Option<ReaderId> {
        match self {
            Self::Reader(reader) => Some(reader),
            Self::Anonymous | Self::Forged => None,
        }
    }
}

impl Sessions {
    /// Cookies are `Secure` if the public URL is HTTPS.
    pub fn new(store: Store, secret: &Secret, public_url: &str) -> Self {
        Self {
            store,
            key: Key::from(secret.cookie_key()),
            old_key: Key::from(secret.old_cookie_key()),
            secure: public_url.starts_with("https://"),
        }
    }

    /// The session of a request, from its `Cookie` header.
    pub async fn read(&self, cookie_header: &str) -> Result<Session> {
        let jar = jar_of(cookie_header);
        if jar.get(NAME).is_none() {
            return Ok(Session::Anonymous);
        }
        let Some(token) = self.signed_token(&jar) else {
            return Ok(Session::Forged);
        };
        Ok(self
            .store
            .reader(&token.hash())
            .await?
            .map_or(Session::Anonymous, Session::Reader))
    }

    /// Creates a reader. Gives their id and the value of their `Set-Cookie` header.
    pub async fn make_reader(&self, now: Timestamp) -> Result<(ReaderId, String)> {
        let (token_hash, cookie) = self.new_cookie()?;
        let reader = self.store.add_reader(&token_hash, now.as_second()).await?;
        Ok((reader, cookie))
    }

    /// The `Set-Cookie` value of a reader to be added, and the SHA-256 of its token.
    pub fn new_cookie(&self) -> Result<([u8; 32], String)> {
        let token =
            Token::random().map_err(|error| StoreError::Corrupt(format!("no random bytes: {error}")))?;
        Ok((token.hash(), self.cookie(&token)))
    }

    /// The `Set-Cookie` value that makes the cookie of a known reader last for another 400 days; `None` without a reader.
    pub fn renew(&self, cookie_header: &str) -> Option<String> {
        let token = self.signed_token(&jar_of(cookie_header))?;
        Some(self.cookie(&token))
    }

    /// A text that differs between readers and reveals nothing else. The service worker compares it to notice that the
    /// reader has changed.
    pub fn mark(&self, cookie_header: &str) -> Option<String> {
        let hash = self.signed_token(&jar_of(cookie_header))?.hash();
        Some(hash[..8].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The token in the cookie, if this server signed it. The cookie crate compares the signature in constant time.
    fn signed_token(&self, jar: &CookieJar) -> Option<Token> {
        let cookie = jar
            .signed(&self.key)
            .get(NAME)
            .or_else(|| jar.signed(&self.old_key).get(NAME))?;
        Token::read(cookie.value())
    }

    fn cookie(&self, token: &Token) -> String {
        let cookie = Cookie::build((NAME, token.write()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .max_age(MAX_AGE);
        let mut jar = CookieJar::new();
        jar.signed_mut(&self.key).add(cookie);
        jar.get(NAME).map(ToString::to_string).unwrap_or_default()
    }
}

/// The reader cookies in a `Cookie` header.
fn jar_of(cookie_header: &str) -> CookieJar {
    let mut jar = CookieJar::new();
    for cookie in Cookie::split_parse(cookie_header.to_owned())
        .flatten()
        .filter(|cookie| cookie.name() == NAME)
    {
        jar.add_original(cookie);
    }
    jar
}
