//! How often one network may write: enough for any person, too little for a flood.

use std::{net::IpAddr, num::NonZeroU32};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

/// Writes of one network: two a second, in bursts of up to sixty.
const WRITES: Quota = Quota::per_second(number(2)).allow_burst(number(60));
/// Requests for a confirmation email: ten a minute, in bursts of up to ten.
const CONFIRMATIONS: Quota = Quota::per_minute(number(10)).allow_burst(number(10));
/// Papers fetched from arXiv on demand: ten a minute, in bursts of up to ten.
const FETCHES: Quota = Quota::per_minute(number(10)).allow_burst(number(10));
/// Above this number of networks, those that are under their limit are forgotten.
const MAX_NETWORKS: usize = 50_000;

const fn number(count: u32) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(count - 1)
}

/// The limits, each counted by network.
#[derive(Debug)]
pub struct RateLimits {
    writes: DefaultKeyedRateLimiter<IpAddr>,
    confirmations: DefaultKeyedRateLimiter<IpAddr>,
    fetches: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            writes: RateLimiter::keyed(WRITES),
            confirmations: RateLimiter::keyed(CONFIRMATIONS),
            fetches: RateLimiter::keyed(FETCHES),
        }
    }
}

impl RateLimits {
    /// Whether this network may have another paper fetched from arXiv.
    pub fn may_fetch(&self, network: IpAddr) -> bool {
        check(&self.fetches, network).is_ok()
    }

    /// Counts a write. If the network writes too often, the error is the time to wait, in seconds.
    pub fn check_write(&self, network: IpAddr) -> Result<(), u64> {
        check(&self.writes, network)
    }

    /// Counts a request for a confirmation email. The error is the time to wait, in seconds.
    pub fn check_confirmation(&self, network: IpAddr) -> Result<(), u64> {
        check(&self.confirmations, network)
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<IpAddr>, network: IpAddr) -> Result<(), u64> {
    if limiter.len() > MAX_NETWORKS {
        limiter.retain_recent();
    }
    limiter
        .check_key(&network)
        .map_err(|early| early.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_from_one_network_is_limited_and_other_networks_are_not() {
        let limits = RateLimits::default();
        let (one, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let both = |network| {
            limits
                .check_write(network)
                .and_then(|()| limits.check_confirmation(network))
        };
        assert!((0..10).all(|_| both(one).is_ok()));
        assert!(both(one).is_err_and(|seconds| seconds > 0));
        assert!(both(other).is_ok());
        assert!(limits.check_write(one).is_ok());
    }
}
