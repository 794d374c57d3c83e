//! Counts lines. A line ends with LF, with CR LF, or with CR alone.

/// The number of the current line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineCounter {
    line: u64,
    after_cr: bool,
}

impl LineCounter {
    /// Starts at the beginning of a stream, on line 1.
    pub(super) fn new() -> Self {
        Self {
            line: 1,
            after_cr: false,
        }
    }

    pub(super) fn line(self) -> u64 {
        self.line
    }

    /// Counts one byte. An LF after a CR does not end another line.
    pub(super) fn pass(&mut self, byte: u8) {
        if byte == b'\r' || (byte == b'\n' && !self.after_cr) {
            self.line += 1;
        }
        self.after_cr = byte == b'\r';
    }
}
