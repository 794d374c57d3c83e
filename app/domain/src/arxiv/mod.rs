//! arXiv identifiers: their form, and how to find them in what people paste.

mod id;
mod pasted;

pub use id::{ArxivId, InvalidArxivId, MOST_VERSION};
