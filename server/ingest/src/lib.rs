//! How papers come in and are ranked: imports, sources, fetching, ranking, source health, the built-in sample.

pub mod fetch;
pub mod health;
pub mod import;
pub mod jobs;
mod names;
pub mod ranking;
pub mod sample;
pub mod sources;

pub use jobs::{SourceJob, Sources};
