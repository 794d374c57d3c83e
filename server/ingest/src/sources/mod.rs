//! The sources: one folder each, with the wire format in `wire.rs` and its meaning in `mod.rs`, behind one small
//! trait. A new source is a folder, a line in [`crate::jobs`], and a name in `domain::upstream`.

pub mod arxiv_api;
pub mod arxiv_oai;
pub mod arxiv_rss;
mod context;
pub mod github;
pub mod hugging_face;
mod settings;

pub use context::{Harvest, Listener, SourceContext};
pub use settings::{SourceSettings, SourceToken};

use jiff::civil::Date;

use crate::fetch::FetchError;

/// A source, as its job sees it.
pub trait Adapter {
    /// One pass: asks for what is new, or for everything since `from`, and stores it. Papers that were stored before
    /// a failure stay stored.
    fn pass(
        &self,
        source: &SourceContext,
        from: Option<Date>,
    ) -> impl Future<Output = Result<(), FetchError>> + Send;
}
