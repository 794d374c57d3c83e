//! Who is asking: an anonymous reader, known by a random token in a signed cookie.

use cookie::{Cookie, CookieJar, Key, SameSite, time::Duration};
use jiff::Timestamp;

use store::tokens::{Secret, Token};
use store::{ReaderId, Result, Store, StoreError};

const NAME: &str = "reader";
/// Browsers keep no cookie longer than 400 days; each bookmark renews it.
const KEPT: Duration = Duration::days(400);

/// What a request's cookie says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// No cookie, or one of a reader that no longer exists.
    Nobody,
    /// A cookie that we did not sign.
    Forged,
    /// This reader.
    Reader(ReaderId),
}

/// Reads and writes reader cookies.
#[derive(Debug, Clone)]
pub struct Sessions {
    store: Store,
    key: Key,
    secure: bool,
}

impl Session {
    /// The reader, if there is one.
    pub fn reader(self) -> Option<ReaderId> {
        match self {
            Self::Reader(reader) => Some(reader),
            Self::Nobody | Self::Forged => None,
        }
    }
}

impl Sessions {
    /// Cookies are marked secure when the site is served over HTTPS.
    pub fn new(store: Store, secret: &Secret, public_url: &str) -> Self {
        Self {
            store,
            key: Key::from(secret.cookie_key()),
            secure: public_url.starts_with("https://"),
        }
    }

    /// Who the `Cookie` header says is asking.
    pub async fn read(&self, cookie_header: &str) -> Result<Session> {
        let jar = jar_of(cookie_header);
        if jar.get(NAME).is_none() {
            return Ok(Session::Nobody);
        }
        let Some(token) = self.signed_token(&jar) else {
            return Ok(Session::Forged);
        };
        Ok(self
            .store
            .reader(&token.hash())
            .await?
            .map_or(Session::Nobody, Session::Reader))
    }

    /// Adds a reader, and answers the `Set-Cookie` value by which they are known from now on.
    pub async fn make_reader(&self, now: Timestamp) -> Result<(ReaderId, String)> {
        let (token_hash, cookie) = self.new_cookie()?;
        let reader = self.store.add_reader(&token_hash, now.as_second()).await?;
        Ok((reader, cookie))
    }

    /// The `Set-Cookie` value of a reader to be added, and the SHA-256 of its token.
    pub fn new_cookie(&self) -> Result<([u8; 32], String)> {
        let token =
            Token::random().map_err(|error| StoreError::Corrupt(format!("no random bytes: {error}")))?;
        Ok((token.hash(), self.written(&token)))
    }

    /// The `Set-Cookie` value by which a known reader stays known for another while; `None` for anybody else.
    pub fn renew(&self, cookie_header: &str) -> Option<String> {
        let token = self.signed_token(&jar_of(cookie_header))?;
        Some(self.written(&token))
    }

    /// Stands for the reader of this cookie and tells nothing else: the browser sees by it that they have changed.
    pub fn mark(&self, cookie_header: &str) -> Option<String> {
        let hash = self.signed_token(&jar_of(cookie_header))?.hash();
        Some(hash[..8].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The token in the cookie, if we signed it. The signature is compared in constant time by the cookie crate.
    fn signed_token(&self, jar: &CookieJar) -> Option<Token> {
        let cookie = jar.signed(&self.key).get(NAME)?;
        Token::read(cookie.value())
    }

    fn written(&self, token: &Token) -> String {
        let cookie = Cookie::build((NAME, token.write()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .max_age(KEPT);
        let mut jar = CookieJar::new();
        jar.signed_mut(&self.key).add(cookie);
        jar.get(NAME).map(ToString::to_string).unwrap_or_default()
    }
}

/// The reader cookies of a `Cookie` header.
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
