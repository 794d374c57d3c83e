//! One record, while it is read and afterwards.

use crate::import::error::Reject;

/// The maximum length of a record. A longer record is rejected, because a paper's metadata is far shorter.
pub const MOST_RECORD_BYTES: usize = 8 << 20;

/// One record as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// Its text.
    pub bytes: Vec<u8>,
}

/// A record that is partly read. Its memory use is limited even if the record is too long.
pub(super) struct Beginning {
    line: u64,
    bytes: Vec<u8>,
    is_too_long: bool,
}

impl Beginning {
    /// Starts a record on this line with these bytes.
    pub(super) fn new(line: u64, bytes: &[u8]) -> Self {
        Self {
            line,
            bytes: bytes.to_vec(),
            is_too_long: false,
        }
    }

    pub(super) fn push(&mut self, part: &[u8]) {
        self.is_too_long |= self.bytes.len() + part.len() > MOST_RECORD_BYTES;
        if self.is_too_long {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(part);
        }
    }

    /// Removes the last bytes.
    pub(super) fn shorten(&mut self, bytes: usize) {
        self.bytes.truncate(self.bytes.len().saturating_sub(bytes));
    }

    /// The complete record, or a reject if it is too long.
    pub(super) fn end(self) -> Result<Record, Reject> {
        if self.is_too_long {
            let reason = format!("the record is longer than {} MB", MOST_RECORD_BYTES >> 20);
            return Err(Reject::new(self.line, &reason));
        }
        Ok(Record {
            line: self.line,
            bytes: self.bytes,
        })
    }

    /// The reject for a record that is incomplete at the end of the file.
    pub(super) fn cut_off(self) -> Reject {
        Reject::new(self.line, "the file ends inside this record")
    }
}
