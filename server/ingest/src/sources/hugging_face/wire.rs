//! The response of Hugging Face's `/api/daily_papers`: a list whose elements are left as they are. `broadsheet import`
//! accepts the same elements, so `crate::import` reads them.

use serde_json::value::RawValue;

/// Reads a response. The error says that it is something else.
pub fn read(bytes: &[u8]) -> Result<Vec<Box<RawValue>>, String> {
    serde_json::from_slice(bytes)
        .map_err(|error| format!("Hugging Face sent something that is not a list of papers: {error}"))
}
