//! How far an import has got, for a progress bar.

use std::{
    io::{self, Read, Seek, SeekFrom},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How many bytes of a file were read, and its size. Clones share the counts.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    read: Arc<AtomicU64>,
    size: Arc<AtomicU64>,
}

impl Progress {
    /// Bytes read so far, before decompression. Never more than the file size, although parts of an archive are read twice.
    pub fn read(&self) -> u64 {
        let read = self.read.load(Ordering::Relaxed);
        match self.size() {
            0 => read,
            size => read.min(size),
        }
    }

    /// Size of the file in bytes; 0 if it is not known.
    pub fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }

    pub(super) fn set_size(&self, size: u64) {
        self.size.store(size, Ordering::Relaxed);
    }

    /// A reader that counts the bytes it reads.
    pub(super) fn counting<R>(&self, inner: R) -> Counting<R> {
        Counting {
            inner,
            read: self.read.clone(),
        }
    }
}

pub(super) struct Counting<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl<R: Seek> Seek for Counting<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}
