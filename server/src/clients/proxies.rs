//! Which proxies are believed when they say who sends a request.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    sync::Arc,
};

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use super::client::{Client, Scheme};

/// The default: proxies on this machine.
const LOOPBACK: &str = "127.0.0.0/8,::1/128";

/// Networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl Default for TrustedProxies {
    fn default() -> Self {
        LOOPBACK.parse().unwrap_or_else(|_| Self(Arc::default()))
    }
}

impl FromStr for TrustedProxies {
    type Err = String;

    /// Reads networks with commas between them. An empty text trusts no proxy.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',')
            .map(str::trim)
            .filter(|network| !network.is_empty())
            .map(|network| {
                let single = || network.parse::<IpAddr>().map(IpNet::from).ok();
                network.parse::<IpNet>().ok().or_else(single).ok_or_else(|| {
                    format!(
                        "“{network}” is not a network; write networks in CIDR notation with commas between them, \
                         such as 127.0.0.0/8,::1/128,172.17.0.0/16"
                    )
                })
            })
            .collect::<Result<Vec<_>, _>>()
            .map(|networks| Self(networks.into()))
    }
}

impl TrustedProxies {
    /// Whether this address is a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Who sends a request that came over a connection from `peer`: the rightmost address that is not a trusted proxy.
    /// A proxy adds the address of its client at the end of `X-Forwarded-For`. Clients can forge everything before it.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        // On a socket for both versions, an IPv4 peer is ::ffff:a.b.c.d.
        let mut address = peer.to_canonical();
        if !self.trusts(address) {
            return Client {
                address,
                scheme: None,
            };
        }
        for named in entries(headers, "x-forwarded-for") {
            // A proxy that hides its clients writes "unknown" (RFC 7239, section 6): then the proxy stands for them.
            let Some(next) = read_address(named) else { break };
            address = next;
            if !self.trusts(address) {
                break;
            }
        }
        let scheme = entries(headers, "x-forwarded-proto").next().and_then(read_scheme);
        Client { address, scheme }
    }
}

/// The entries of all lines of a header, the last one first.
fn entries<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(HeaderName::from_static(name))
        .iter()
        .rev()
        .flat_map(|line| line.to_str().unwrap_or_default().rsplit(','))
        .map(str::trim)
}

/// An address, with or without a port.
fn read_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = bare.unwrap_or(text).parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().map(|socket| socket.ip()).ok();
    address.or_else(with_port).map(|address| address.to_canonical())
}

fn read_scheme(text: &str) -> Option<Scheme> {
    if text.eq_ignore_ascii_case("https") {
        Some(Scheme::Https)
    } else if text.eq_ignore_ascii_case("http") {
        Some(Scheme::Http)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let trusted: TrustedProxies = trusted.parse().expect("networks");
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().expect("a header"));
        }
        let peer = peer.parse().expect("an address");
        trusted.client(peer, &headers).address.to_string()
    }

    #[test]
    fn the_proxy_names_the_client_and_clients_cannot_forge_it() {
        let from = |peer, forwarded: &[&str]| client(LOOPBACK, peer, forwarded);
        assert_eq!(from("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["198.51.100.1, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["198.51.100.1", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("::1", &["2001:db8:1:2:3::4"]), "2001:db8:1:2:3::4");
        assert_eq!(from("::ffff:203.0.113.9", &[]), "203.0.113.9");
        assert_eq!(from("::ffff:127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["::ffff:203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(from("127.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(from("127.0.0.1", &["203.0.113.9, nonsense"]), "127.0.0.1");
        assert_eq!(from("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn of_several_proxies_in_a_row_only_trusted_ones_are_passed_over() {
        let line = &["198.51.100.1, 203.0.113.9, 172.17.0.3"];
        assert_eq!(client("172.17.0.0/16", "172.17.0.2", line), "203.0.113.9");
        assert_eq!(client("172.17.0.2", "172.17.0.2", line), "172.17.0.3");
        assert_eq!(client("", "127.0.0.1", line), "127.0.0.1");
        assert_eq!(
            client("10.0.0.0/8", "10.0.0.1", &["10.0.0.3, 10.0.0.2"]),
            "10.0.0.3"
        );
    }

    #[test]
    fn only_a_trusted_proxy_says_which_scheme_its_client_used() {
        let trusted = TrustedProxies::default();
        let headers = HeaderMap::from_iter([(
            HeaderName::from_static("x-forwarded-proto"),
            "http, HTTPS".parse().expect("a header"),
        )]);
        let scheme = |peer: &str| trusted.client(peer.parse().expect("an address"), &headers).scheme;
        assert_eq!(scheme("127.0.0.1"), Some(Scheme::Https));
        assert_eq!(scheme("203.0.113.9"), None);
    }

    #[test]
    fn a_text_that_is_not_a_list_of_networks_is_named() {
        for text in ["10.0.0.0/99", "caddy", "10.0.0.0/8 172.17.0.0/16", "::1/129"] {
            let error = text.parse::<TrustedProxies>().expect_err(text);
            assert!(error.contains(text) && error.contains("172.17.0.0/16"), "{error}");
        }
    }
}
