//! The HTTP client.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, header::HeaderValue, redirect};

use super::limits::Limits;

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[error("cannot create an HTTP client: {0}")]
pub struct NoClient(String);

/// A client with these limits.
pub(super) fn client(limits: Limits) -> Result<Client, NoClient> {
    // The root certificates of browsers, and ring, which the mailer uses too.
    let roots = rustls::RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| NoClient(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(limits.connect)
        .read_timeout(limits.idle)
        .timeout(limits.total)
        // The fetcher follows redirects itself, so that each step goes through the gate.
        .redirect(redirect::Policy::none())
        .referer(false)
        // One connection per host, closed soon after its last use.
        .pool_max_idle_per_host(1)
        .pool_idle_timeout(Duration::from_secs(15))
        .build()
        .map_err(|error| NoClient(error.to_string()))
}

/// The User-Agent; `contact` is how the operator of a source reaches the operator of this Broadsheet.
pub(super) fn user_agent(contact: Option<&str>) -> Result<HeaderValue, NoClient> {
    let version = env!("CARGO_PKG_VERSION");
    let name = match contact {
        Some(contact) => format!("Broadsheet/{version} (+{contact})"),
        None => format!("Broadsheet/{version}"),
    };
    HeaderValue::from_str(&name).map_err(|_| {
        NoClient("BROADSHEET_CONTACT contains a character that is not allowed in a header".to_owned())
    })
}
