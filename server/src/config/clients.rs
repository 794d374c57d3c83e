//! The trusted proxies, and how much each client may have open.

use clap::Args;

use crate::clients::{CONNECTIONS, ClientLimits, REQUESTS, SEARCHES, TrustedProxies};

/// Proxies and limits. A client is an IPv4 address or the /64 of an IPv6 address.
#[derive(Debug, Clone, Args)]
pub struct ClientSettings {
    /// Networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, with commas between them
    ///
    /// Limits count by the last address in X-Forwarded-For that is not in one of these networks. If the proxy runs in
    /// another container, add its network.
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_TRUSTED_PROXIES",
        default_value = "127.0.0.0/8,::1/128",
        value_name = "NETWORKS"
    )]
    pub trusted_proxies: TrustedProxies,
    /// Maximum open connections of one client; 0: no limit
    ///
    /// A trusted proxy carries all clients, so this limit does not apply to it.
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_CLIENT_CONNECTIONS",
        default_value_t = CONNECTIONS,
        value_name = "NUMBER"
    )]
    pub client_connections: u32,
    /// Maximum requests of one client at the same time; 0: no limit
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_CLIENT_REQUESTS",
        default_value_t = REQUESTS,
        value_name = "NUMBER"
    )]
    pub client_requests: u32,
    /// Maximum searches of one client at the same time; 0: no limit
    ///
    /// A further search waits for two seconds.
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_CLIENT_SEARCHES",
        default_value_t = SEARCHES,
        value_name = "NUMBER"
    )]
    pub client_searches: u32,
}

impl ClientSettings {
    /// The limits.
    pub fn limits(&self) -> ClientLimits {
        ClientLimits::new(
            self.trusted_proxies.clone(),
            self.client_connections,
            self.client_requests,
            self.client_searches,
        )
    }
}
