//! Requests to the servers of others: slow, one at a time, and prepared for any of them to fail at any moment.
//!
//! - A *gate* per host keeps a pause between requests.
//! - A request that fails temporarily is repeated a few times. A `Retry-After` of the server is respected.
//! - A *circuit* per source opens after that: the source is not asked for minutes, then for hours.
//! - Time and size of every response are bounded.

mod body;
mod circuit;
mod client;
mod encoding;
mod error;
mod fetcher;
mod gate;
mod headers;
mod limits;
mod random;
mod request;
mod response;

pub use body::Body;
pub use client::NoClient;
pub use encoding::text_of;
pub use error::FetchError;
pub use fetcher::{Counts, Fetcher};
pub use gate::Gate;
pub use limits::Limits;
pub use request::{FetchRequest, Fetched};
