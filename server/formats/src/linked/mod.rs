//! Pages for programs that catalogue papers: Highwire's `citation_…` tags, and JSON-LD with the terms of schema.org.

mod doi;
mod highwire;
mod schema_org;

pub use highwire::highwire;
pub use schema_org::{article, site};
