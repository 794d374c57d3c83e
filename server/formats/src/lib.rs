//! The formats that papers go out in: citations, feeds, OPML, pictures, sitemaps and linked data.
//!
//! Nothing here does input or output: the callers bring the papers and send the documents.

pub mod cite;
mod etag;
pub mod feeds;
pub mod linked;
pub mod pictures;
mod plain;
pub mod sitemap;

pub use etag::etag;
pub use plain::{plain_abstract, plain_title};
