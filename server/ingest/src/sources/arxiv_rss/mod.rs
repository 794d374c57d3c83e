//! arXiv's daily feed: what was announced, on which day, and as what.

mod batch;
mod pass;
pub mod wire;

pub use batch::{Batch, translate};
pub use pass::ArxivRss;
