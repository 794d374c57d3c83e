//! The sources: gates, health, batches, and how far each harvest is.

mod batches;
mod gates;
mod harvests;
mod health;
mod records;
mod validators;

pub use harvests::Checkpoint;
pub use records::SourceRecord;
