//! Stored codes and numbers of closed sets. A value that is not in its set is an error.

use std::str::FromStr;

use domain::{UnknownCode, paper::Source};

use crate::error::{Result, StoreError};

/// The source with this number.
pub(super) fn source(rank: i64) -> Result<Source> {
    Source::from_rank(rank)
        .ok_or_else(|| StoreError::Corrupt(format!("{rank} is not the number of a source")))
}

/// The value with this code; the default if nothing is stored.
pub(super) fn code<T: Default + FromStr<Err = UnknownCode>>(code: Option<&str>) -> Result<T> {
    code.map_or(Ok(T::default()), |code| {
        code.parse()
            .map_err(|error: UnknownCode| StoreError::Corrupt(error.to_string()))
    })
}
