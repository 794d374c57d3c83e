//! The client of a request.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Extensions;

/// The connection of a request; the server sets it.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    /// The other end: a client or a proxy.
    pub peer: SocketAddr,
    /// The address of this machine that the peer connected to.
    pub local: IpAddr,
}

impl Default for Connection {
    /// A connection on this machine: requests without a socket, as in tests.
    fn default() -> Self {
        Self {
            peer: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            local: Ipv4Addr::LOCALHOST.into(),
        }
    }
}

/// How a client reached the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Without TLS.
    Http,
    /// With TLS.
    Https,
}

/// Who sends a request, after trusted proxies. Every limit counts by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// The address; an IPv4 address is never written as an IPv6 one.
    pub address: IpAddr,
    /// What a trusted proxy said about the scheme.
    pub scheme: Option<Scheme>,
}

impl Client {
    /// The client of a request, as the first layer found it.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().copied().unwrap_or(Self {
            address: Ipv4Addr::LOCALHOST.into(),
            scheme: None,
        })
    }

    /// The network of the client: its IPv4 address, or the /64 of its IPv6 address, which one household usually has.
    pub fn network(&self) -> IpAddr {
        network(self.address)
    }

    /// The /48 of an IPv6 address, which one organisation usually has; `None` for IPv4.
    pub fn organisation(&self) -> Option<IpAddr> {
        match self.address {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => Some(prefix(address, 48)),
        }
    }
}

/// The IPv4 address itself, or the /64 of an IPv6 address.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => prefix(address, 64),
    }
}

fn prefix(address: Ipv6Addr, bits: u32) -> IpAddr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits))).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ipv6_clients_are_grouped_by_household_and_by_organisation() {
        let client = |address: &str| Client {
            address: address.parse().expect("an address"),
            scheme: None,
        };
        let text = |address: IpAddr| address.to_string();
        assert_eq!(text(client("2001:db8:1:2:3::4").network()), "2001:db8:1:2::");
        assert_eq!(
            client("2001:db8:1:2:3::4").organisation().map(text).as_deref(),
            Some("2001:db8:1::")
        );
        assert_eq!(text(client("203.0.113.9").network()), "203.0.113.9");
        assert_eq!(client("203.0.113.9").organisation(), None);
    }
}
