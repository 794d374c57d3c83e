//! Guards against files that expand to an unreasonable size ("zip bombs").

use std::io::{self, Read};

use crate::import::progress::Progress;

/// Decompressed sizes up to this one, in bytes, are always accepted.
const UNSUSPICIOUS: u64 = 1 << 30;
/// The maximum expansion. Paper metadata expands 3 to 10 times. Deflate can reach 1,032 times.
const MOST_EXPANSION: u64 = 200;

/// The description of such a file, to follow "is".
pub(super) const BOMB: &str = "compressed to less than a 200th of its size, which papers never are: it may be a decompression \
                               bomb; decompress it yourself if you trust it, and import the result";

/// Whether this many decompressed bytes are too many for a compressed file of this size.
pub(super) fn is_excessive(bytes: u64, compressed: u64) -> bool {
    bytes > UNSUSPICIOUS && bytes / MOST_EXPANSION > compressed
}

/// A reader of decompressed bytes that fails if there are too many.
pub(super) struct Guarded<R> {
    inner: R,
    bytes: u64,
    progress: Progress,
}

impl<R> Guarded<R> {
    /// `progress` counts the compressed bytes.
    pub(super) fn new(inner: R, progress: Progress) -> Self {
        Self {
            inner,
            bytes: 0,
            progress,
        }
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if is_excessive(self.bytes, self.progress.read()) {
            return Err(io::Error::other(format!("it is {BOMB}")));
        }
        let bytes = self.inner.read(buffer)?;
        self.bytes = self.bytes.saturating_add(bytes as u64);
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_large_file_with_an_extreme_expansion_is_refused() {
        assert!(!is_excessive(1 << 30, 1), "a small file");
        assert!(!is_excessive(100 << 30, 1 << 30), "a hundred times");
        assert!(is_excessive((1 << 30) + 200, 1 << 20), "a thousand times");
        assert!(is_excessive(u64::MAX, 0));
    }

    #[test]
    fn reading_stops_after_too_many_decompressed_bytes() {
        let mut guarded = Guarded::new(io::repeat(b' '), Progress::default());
        let mut buffer = vec![0; 1 << 20];
        let error = loop {
            if let Err(error) = guarded.read(&mut buffer) {
                break error;
            }
        };
        assert!(error.to_string().contains("bomb"), "{error}");
        assert!(guarded.bytes <= UNSUSPICIOUS + (1 << 20), "{}", guarded.bytes);
    }
}
