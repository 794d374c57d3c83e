//! Saving papers: many at once, merged with what is known, in one transaction.

mod batch;
mod details;
mod full_text;
mod listing_row;
mod listings;
mod load;
mod merge;
mod merged_paper;
mod outcome;
mod row;
mod rows;
mod save;
mod source_batch;

pub use outcome::SaveOutcome;
pub use source_batch::SourceBatch;

pub(crate) use listing_row::scopes;
pub(crate) use merged_paper::MergedPaper;
pub(crate) use save::save_within;
