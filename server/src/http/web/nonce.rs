//! The nonce of a response's content security policy.

/// Set on every request by the security headers; each script and style of the page carries it.
#[derive(Debug, Clone)]
pub struct Nonce(pub String);
