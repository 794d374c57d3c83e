//! arXiv's query API, for single papers.

mod entry;
mod fetch_paper;
pub mod wire;

pub use entry::paper;
pub use fetch_paper::fetch_paper;
