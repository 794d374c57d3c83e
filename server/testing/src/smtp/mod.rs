//! A mail server on the loopback. It keeps what it receives, and can refuse, wait or hang up; with TLS and a login if
//! a test asks for them.

mod certificate;
mod conversation;
mod options;
mod server;
mod state;
mod wire;

pub use options::{Next, Received, ServerOptions, Tls};
pub use server::MailServer;
