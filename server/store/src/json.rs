//! Many rows travel as one JSON text, in both directions: each row costs a hop between threads.

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Result, StoreError};

/// Writes a value for `json_each` or `jsonb_each`.
///
/// Rows of several columns need `jsonb_each`: `json_each` writes an array or object as text again for each of its columns
/// (<https://sqlite.org/json1.html#jeach>).
pub(crate) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Reads what `json_group_array` or `json_object` wrote.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}
