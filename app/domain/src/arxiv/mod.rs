//! arXiv identifiers: their form, and how to find them in what people paste.

mod address;
mod archive;
mod id;
mod pasted;
mod words;

pub use id::{ArxivId, InvalidArxivId, MOST_VERSION};
