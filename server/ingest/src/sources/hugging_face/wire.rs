//! What Hugging Face's `/api/daily_papers` sends: a list, each element kept as it is. The element's form is that of an
//! import, so it is read there (`crate::import`): one reading of one format.

use serde_json::value::RawValue;

/// Reads an answer.
pub fn read(bytes: &[u8]) -> Result<Vec<Box<RawValue>>, String> {
    serde_json::from_slice(bytes)
        .map_err(|error| format!("Hugging Face sent something that is not a list of papers: {error}"))
}
