//! Removes compression, and turns UTF-16 into UTF-8.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::bufread::MultiGzDecoder;

use super::{
    expansion::Guarded,
    recognise::{FileKind, HEAD_BYTES, recognise},
};
use crate::import::progress::Progress;

/// Size of a read buffer, in bytes.
const BUFFER: usize = 1 << 17;
/// The maximum layers of compression and encoding of one file, such as UTF-16 text that was compressed twice.
const MOST_LAYERS: usize = 3;

/// A file without its compression.
pub(super) enum Unpacked<'a> {
    /// Text that may hold records.
    Text {
        /// A reader of the text as UTF-8.
        reader: Box<dyn BufRead + 'a>,
        /// Whether it begins like JSON.
        is_json: bool,
    },
    /// Any other format: what it is and what to do, to follow "is".
    Refused(&'static str),
}

/// Removes compression. `progress` counts the bytes of the compressed file.
pub(super) fn unpack<'a>(raw: Box<dyn Read + 'a>, progress: &Progress) -> io::Result<Unpacked<'a>> {
    let mut raw = raw;
    for layer in 0..=MOST_LAYERS {
        let (head, rest) = peek(raw);
        let buffered = BufReader::with_capacity(BUFFER, rest);
        raw = match recognise(&head) {
            kind @ (FileKind::Json | FileKind::Text) => {
                let reader: Box<dyn BufRead + 'a> = if layer == 0 {
                    Box::new(buffered)
                } else {
                    let guarded = Guarded::new(buffered, progress.clone());
                    Box::new(BufReader::with_capacity(BUFFER, guarded))
                };
                let is_json = kind == FileKind::Json;
                return Ok(Unpacked::Text { reader, is_json });
            }
            FileKind::Refused(what) => return Ok(Unpacked::Refused(what)),
            FileKind::Zip => {
                return Ok(Unpacked::Refused(
                    "a zip archive inside a compressed file: unpack it, and import the files inside",
                ));
            }
            FileKind::Gzip => Box::new(MultiGzDecoder::new(buffered)),
            FileKind::Zstd => Box::new(zstd::Decoder::with_buffer(buffered)?),
            FileKind::Utf16Le => utf_8(buffered, UTF_16LE),
            FileKind::Utf16Be => utf_8(buffered, UTF_16BE),
        };
    }
    Ok(Unpacked::Refused(
        "compressed several times: decompress it, and import the result",
    ))
}

/// The first bytes of a file, and a reader of the file from its beginning. A read error in the first bytes occurs again
/// when the reader reaches that position, so the bytes before it are still read.
pub(super) fn peek<'a>(mut raw: Box<dyn Read + 'a>) -> (Vec<u8>, Box<dyn Read + 'a>) {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    // A pipe may deliver its first bytes one by one.
    let outcome = raw.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head);
    let from_beginning = Cursor::new(head.clone());
    match outcome {
        Ok(_) => (head, Box::new(from_beginning.chain(raw))),
        Err(error) => (head, Box::new(from_beginning.chain(Failed(Some(error))))),
    }
}

/// A reader that returns an error once.
struct Failed(Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Half a surrogate pair and an odd last byte become U+FFFD.
fn utf_8<'a>(raw: impl Read + 'a, encoding: &'static Encoding) -> Box<dyn Read + 'a> {
    Box::new(
        DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .build(raw),
    )
}
