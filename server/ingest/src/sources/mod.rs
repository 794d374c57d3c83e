//! The sources: one folder each, with the format of its responses in `wire.rs`. A new source is a folder, a job in
//! [`crate::jobs`], and a name in `domain::upstream`.

mod adapter;
pub mod arxiv_api;
pub mod arxiv_oai;
pub mod arxiv_rss;
mod context;
pub mod github;
pub mod hugging_face;
mod settings;

pub use adapter::Adapter;
pub use context::{Listener, SourceContext, SourceRecords};
pub use settings::{SourceSettings, SourceToken};
