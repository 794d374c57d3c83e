//! Which network a request comes from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::{Extensions, HeaderMap};

/// The other end of the connection; set on every request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The network of a client: its IPv4 address, or the /64 of its IPv6 address, which one household usually has.
/// `X-Forwarded-For` is read only if the peer is on this machine.
pub fn network(extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
    let peer = extensions
        .get::<Peer>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    // The proxy itself wrote the last entry of the last line. Clients can forge everything before it.
    let forwarded = || -> Option<IpAddr> {
        let lines = headers.get_all("x-forwarded-for");
        let line = lines.iter().next_back()?.to_str().ok()?;
        line.rsplit(',').next()?.trim().parse().ok()
    };
    // On a socket for both versions, an IPv4 peer is ::ffff:a.b.c.d.
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

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};

    use super::*;

    #[test]
    fn the_proxy_names_the_network_and_its_clients_cannot_forge_it() {
        let from = |peer: &str, forwarded: &[&str]| {
            let mut request = Request::new(Body::empty());
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
