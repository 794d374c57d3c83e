//! The jobs of this package: following the sources, ranking, and removing old rows.

mod library;
mod source_job;
mod sources;

pub use source_job::SourceJob;
pub use sources::Sources;
