//! How often one network may write: enough for any person, too little for a flood.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use axum::{
    extract::{Request, State},
    http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use super::pages;
use crate::{serve::Peer, state::AppState};

/// Writes of one network: two a second for as long as it likes, sixty at once.
const WRITES: Quota = Quota::per_second(two()).allow_burst(sixty());
/// Requests for a confirmation mail: ten at once, then one in six seconds.
const LETTERS: Quota = Quota::per_minute(ten()).allow_burst(ten());
/// Papers fetched from arXiv on the spot: ten at once, then one in six seconds.
const FETCHES: Quota = Quota::per_minute(ten()).allow_burst(ten());
/// The largest body any form of ours sends, with room.
pub const MOST_BODY_BYTES: usize = 64 * 1024;
/// No answer takes longer; a client that waits this long has lost interest.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// Then there is this long to say so on a page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(2);
/// Networks remembered before the ones at rest are forgotten.
const MOST_NETWORKS: usize = 50_000;

const fn two() -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(1)
}
const fn ten() -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(9)
}
const fn sixty() -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(59)
}

/// The limiters.
#[derive(Debug)]
pub struct Limits {
    writes: DefaultKeyedRateLimiter<IpAddr>,
    letters: DefaultKeyedRateLimiter<IpAddr>,
    fetches: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            writes: RateLimiter::keyed(WRITES),
            letters: RateLimiter::keyed(LETTERS),
            fetches: RateLimiter::keyed(FETCHES),
        }
    }
}

impl Limits {
    /// Whether whoever asks may have another paper fetched.
    pub fn may_fetch(&self, request: &Parts) -> bool {
        if self.fetches.len() > MOST_NETWORKS {
            self.fetches.retain_recent();
        }
        self.fetches
            .check_key(&network(&request.extensions, &request.headers))
            .is_ok()
    }

    /// Seconds to wait, when this network has written too often.
    fn check(&self, network: IpAddr, is_letter: bool) -> Result<(), u64> {
        for limiter in [&self.writes, &self.letters]
            .into_iter()
            .take(if is_letter { 2 } else { 1 })
        {
            if limiter.len() > MOST_NETWORKS {
                limiter.retain_recent();
            }
            if let Err(early) = limiter.check_key(&network) {
                return Err(early.wait_time_from(DefaultClock::default().now()).as_secs() + 1);
            }
        }
        Ok(())
    }
}

/// The network a request comes from: the address, or for IPv6 the /64 that one household has. A proxy on the same
/// machine is believed about whom it speaks for.
pub fn network(extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let peer = extensions
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    // The last line and its last entry is what the proxy wrote itself; whatever stands before came from outside.
    let forwarded = || -> Option<IpAddr> {
        let lines = headers.get_all("x-forwarded-for");
        let line = lines.iter().next_back()?.to_str().ok()?;
        line.rsplit(',').next()?.trim().parse().ok()
    };
    // On a socket that listens to both, IPv4 arrives as ::ffff:a.b.c.d.
    let peer = peer.to_canonical();
    let address = if peer.is_loopback() {
        forwarded().unwrap_or(peer).to_canonical()
    } else {
        peer
    };
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Answers 413 in words to a body that says it is too long; one that does not say is cut off while it is read.
pub async fn bodies(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MOST_BODY_BYTES as u64) {
        let (parts, _) = request.into_parts();
        return pages::too_large(&state, &parts).await;
    }
    next.run(request).await
}

/// Answers 504 in words when an answer takes too long.
pub async fn time(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // Only what an error page needs: the body goes on to the handler.
    let asked = parts.clone();
    match tokio::time::timeout(ANSWER_TIMEOUT, next.run(Request::from_parts(parts, body))).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(method = %asked.method, "an answer took too long");
            let (title, words) = (
                "This took too long",
                "The answer was not ready in time. If you changed something, please look whether it was kept before you try again.",
            );
            let status = StatusCode::GATEWAY_TIMEOUT;
            // The page asks the database who is looking, which may be what does not answer.
            tokio::time::timeout(PAGE_TIMEOUT, pages::trouble(&state, &asked, status, title, words))
                .await
                .unwrap_or_else(|_| pages::problem(status, title, words))
        }
    }
}

/// Answers 429 to a network that writes too often.
pub async fn writes(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    // Unsubscribing is never refused.
    // Nor is stopping or deleting by the preferences of a mail.
    if ["/unsubscribe/", "/preferences/"]
        .iter()
        .any(|path| request.uri().path().starts_with(path))
    {
        return next.run(request).await;
    }
    let is_letter = request.uri().path() == "/fn/subscribe";
    match state
        .limits
        .check(network(request.extensions(), request.headers()), is_letter)
    {
        Ok(()) => next.run(request).await,
        Err(seconds) => {
            let words = format!(
                "That was a lot at once. Nothing was changed; please try again in {seconds} seconds."
            );
            let (parts, _) = request.into_parts();
            let mut response = pages::trouble(
                &state,
                &parts,
                StatusCode::TOO_MANY_REQUESTS,
                "Too many requests",
                &words,
            )
            .await;
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_floods_is_told_to_wait_and_others_are_not() {
        let limits = Limits::default();
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        assert!((0..10).all(|_| limits.check(one, true).is_ok()));
        assert!(limits.check(one, true).is_err_and(|seconds| seconds > 0));
        assert!(limits.check(other, true).is_ok());
        assert!(limits.check(one, false).is_ok());
    }
    #[test]
    fn a_network_is_known_by_what_the_proxy_says_and_not_by_what_its_clients_claim() {
        let from = |peer: &str, forwarded: &[&str]| {
            let mut request = Request::new(axum::body::Body::empty());
            for line in forwarded {
                request
                    .headers_mut()
                    .append("x-forwarded-for", line.parse().expect("a header"));
            }
            let peer = format!("{peer}:1").parse().expect("an address");
            request.extensions_mut().insert(Peer(peer));
            network(request.extensions(), request.headers()).to_string()
        };
        assert_eq!(from("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["198.51.100.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["198.51.100.1", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("[::1]", &["2001:db8:1:2:3::4"]), "2001:db8:1:2::");
        assert_eq!(from("[::ffff:203.0.113.9]", &[]), "203.0.113.9");
        assert_eq!(from("[::ffff:127.0.0.1]", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["nonsense"]), "127.0.0.1");
    }
}
