//! The formats that papers go out in: citations, feeds, OPML, pictures, sitemaps, linked data. Nothing here does I/O.

pub mod cite;
pub mod feeds;
pub mod linked;
pub mod pictures;
pub mod sitemap;
