//! Splits a stream into JSON records: one per line, the elements of one array, or objects one after the other. It only finds
//! where records begin and end, so that one broken record does not affect the others. Serde reads their contents.

mod line_ends;
mod reader;
mod record;
mod scan;
#[cfg(test)]
mod tests;

pub use reader::Records;
pub use record::MOST_RECORD_BYTES;
