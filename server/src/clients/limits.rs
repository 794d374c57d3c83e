//! Who is a proxy, and how much each client may have open.

use std::time::Duration;

use super::{proxies::TrustedProxies, slots::Slots};

/// Connections of one client. A browser opens six to one site.
pub const CONNECTIONS: u32 = 256;
/// Requests of one client in flight.
pub const REQUESTS: u32 = 64;
/// Searches of one client that run at once.
pub const SEARCHES: u32 = 2;
/// How long a further search waits.
const SEARCH_WAIT: Duration = Duration::from_secs(2);

/// The trusted proxies, and the limits for each client. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct ClientLimits {
    /// The proxies that say who sends a request.
    pub proxies: TrustedProxies,
    /// Open connections.
    pub connections: Slots,
    /// Requests in flight.
    pub requests: Slots,
    /// Running searches.
    pub searches: Slots,
    /// How long a further search waits.
    pub search_wait: Duration,
}

impl ClientLimits {
    /// With these trusted proxies and numbers; 0: no limit.
    pub fn new(proxies: TrustedProxies, connections: u32, requests: u32, searches: u32) -> Self {
        Self {
            proxies,
            connections: Slots::new(connections),
            requests: Slots::new(requests),
            searches: Slots::new(searches),
            search_wait: SEARCH_WAIT,
        }
    }
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self::new(TrustedProxies::default(), CONNECTIONS, REQUESTS, SEARCHES)
    }
}
