//! Feeds of a listing as Atom (RFC 4287, paged by RFC 5005), RSS 2.0 or JSON Feed 1.1, and OPML.

mod atom;
mod feed;
mod format;
mod item;
mod json;
mod opml;
mod rss;
mod text;
mod write;

pub use feed::Feed;
pub use format::Format;
pub use item::Item;
pub use opml::{Outline, opml};

pub use crate::etag::etag;
