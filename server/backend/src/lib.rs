//! Everything with I/O and no HTTP in front of it.

pub mod bounces;
pub mod calendar;
pub mod cite;
pub mod clock;
pub mod digest;
pub mod feeds;
pub mod fetch;
pub mod health;
pub mod import;
pub mod linked;
pub mod mail;
pub mod maths;
pub mod pictures;
pub mod ranking;
pub mod sample;
pub mod scheduler;
pub mod search;
pub mod session;
pub mod sitemap;
pub mod sources;
pub mod store;
pub mod tokens;

pub use clock::Clock;
pub use store::Store;
