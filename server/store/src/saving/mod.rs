//! Saving papers: many at once, merged with what is known, in one transaction.

mod batch;
mod code_links;
mod details;
mod full_text;
mod future_dates;
mod listing_row;
mod listings;
mod load;
mod merge;
mod merged_paper;
mod outcome;
mod plain_texts;
mod plausible_dates;
mod row;
mod rows;
mod save;
mod source_batch;

pub use outcome::SaveOutcome;
pub use source_batch::SourceBatch;

pub(crate) use details::replace_authors;
pub(crate) use full_text::{index, unindex};
pub(crate) use listing_row::scopes;
pub(crate) use merged_paper::MergedPaper;
pub(crate) use save::save_within;
