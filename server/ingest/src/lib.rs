//! How papers come in and are ranked: imports, sources, fetching, ranking, source health, the built-in sample.
//!
//! [`Sources::jobs`] is the entry point of a running server, [`import::import`] that of the command line.

pub mod fetch;
pub mod health;
pub mod import;
pub mod jobs;
mod names;
mod plain_texts;
pub mod ranking;
pub mod sample;
pub mod sources;

pub use jobs::{SourceJob, Sources};
