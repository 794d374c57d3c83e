//! Who may read `/metrics`.

use std::net::IpAddr;

use clap::ValueEnum;

/// Who may read `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum MetricsAccess {
    /// This machine, and clients with a private address.
    #[default]
    Private,
    /// Everybody.
    Public,
    /// Nobody.
    Off,
}

impl MetricsAccess {
    /// Whether a client with this address may read them.
    pub fn allows(self, client: IpAddr) -> bool {
        match self {
            Self::Private => is_private(client),
            Self::Public => true,
            Self::Off => false,
        }
    }
}

/// Whether an address is that of this machine or of a private network (RFC 1918, RFC 4193, and link-local addresses).
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_metrics_are_for_this_machine_and_private_networks() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("10.1.2.3", true),
            ("172.16.0.9", true),
            ("192.168.1.1", true),
            ("169.254.0.1", true),
            ("fd12:3456::1", true),
            ("fe80::1", true),
            ("::ffff:10.0.0.1", true),
            ("172.32.0.1", false),
            ("203.0.113.9", false),
            ("2001:db8::1", false),
            ("::ffff:203.0.113.9", false),
        ] {
            let address = address.parse().expect(address);
            assert_eq!(MetricsAccess::Private.allows(address), expected, "{address}");
            assert!(MetricsAccess::Public.allows(address));
            assert!(!MetricsAccess::Off.allows(address));
        }
    }
}
