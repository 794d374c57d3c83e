//! Who sends a request, and how much one client may have open at once.

mod client;
mod limits;
mod proxies;
mod slots;

pub use client::{Client, Connection, Scheme};
pub use limits::{CONNECTIONS, ClientLimits, REQUESTS, SEARCHES};
pub use proxies::TrustedProxies;
pub use slots::{Slot, Slots};
