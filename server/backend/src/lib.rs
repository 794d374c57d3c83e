//! Everything with I/O and no HTTP in front of it.

pub mod cite;
pub mod clock;
pub mod digest;
pub mod import;
pub mod mail;
pub mod maths;
pub mod ranking;
pub mod sample;
pub mod search;
pub mod session;
pub mod store;
pub mod tokens;

pub use clock::Clock;
pub use store::Store;
