//! Recognises the format of a file by its first bytes.

/// How many bytes at the beginning are examined: enough for the tar signature and for the header row of a table.
pub(super) const HEAD_BYTES: usize = 1_024;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// Text that begins like JSON, or an empty file.
    Json,
    /// Any other text.
    Text,
    /// Compressed with gzip (RFC 1952, section 2.3.1).
    Gzip,
    /// Compressed with zstd (RFC 8878, section 3.1.1).
    Zstd,
    /// A zip archive (PKWARE APPNOTE, section 4.3).
    Zip,
    /// UTF-16, least significant byte first, as written by `>` in Windows PowerShell.
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
    /// A format that cannot be imported. The text says what it is and what to do; it follows "is" in a sentence.
    Refused(&'static str),
}

/// Signatures: the offset, the bytes, and the format.
const SIGNATURES: [(usize, &[u8], FileKind); 21] = [
    (0, &[0x1f, 0x8b], FileKind::Gzip),
    (0, &[0x28, 0xb5, 0x2f, 0xfd], FileKind::Zstd),
    (0, b"PK\x03\x04", FileKind::Zip),
    // An empty archive.
    (0, b"PK\x05\x06", FileKind::Zip),
    (0, b"PAR1", PARQUET),
    // A file with an encrypted footer.
    (0, b"PARE", PARQUET),
    (0, b"ARROW1", ARROW),
    (0, b"FEA1", ARROW),
    (
        0,
        b"\x89HDF\r\n\x1a\n",
        FileKind::Refused("an HDF5 file: convert it to JSON Lines, and import that file"),
    ),
    (
        257,
        b"ustar",
        FileKind::Refused("a tar archive: unpack it, and import the files inside"),
    ),
    (
        0,
        b"7z\xbc\xaf\x27\x1c",
        FileKind::Refused("a 7-Zip archive: unpack it, and import the files inside"),
    ),
    (
        0,
        b"Rar!\x1a\x07",
        FileKind::Refused("a RAR archive: unpack it, and import the files inside"),
    ),
    (
        0,
        b"\xfd7zXZ\0",
        FileKind::Refused("compressed with xz: decompress it with `xz -d`, and import the result"),
    ),
    (
        0,
        b"BZh",
        FileKind::Refused("compressed with bzip2: decompress it with `bunzip2`, and import the result"),
    ),
    (
        0,
        &[0x04, 0x22, 0x4d, 0x18],
        FileKind::Refused("compressed with LZ4: decompress it with `lz4 -d`, and import the result"),
    ),
    (
        0,
        b"SQLite format 3\0",
        FileKind::Refused(
            "an SQLite database: write its papers as JSON Lines (for Broadsheet's own, use `broadsheet export`), and import \
         that file",
        ),
    ),
    (
        0,
        b"%PDF-",
        FileKind::Refused("a PDF document: import the metadata of papers as JSON Lines instead"),
    ),
    (
        0,
        b"version https://git-lfs",
        FileKind::Refused(
            "a Git LFS pointer instead of the file itself: fetch the file with `git lfs pull`, and import it again",
        ),
    ),
    (0, &[0xff, 0xfe, 0, 0], UTF_32),
    (0, &[0, 0, 0xfe, 0xff], UTF_32),
    (0, &[0xfe, 0xff], FileKind::Utf16Be),
];

const PARQUET: FileKind = FileKind::Refused(
    "a Parquet file: convert it to JSON Lines (in pandas with `read_parquet` and `to_json(…, orient=\"records\", \
     lines=True)`), and import that file",
);
const ARROW: FileKind = FileKind::Refused(
    "an Arrow file: convert it to JSON Lines (in pandas with `read_feather` and `to_json(…, orient=\"records\", \
     lines=True)`), and import that file",
);
const UTF_32: FileKind = FileKind::Refused("text in UTF-32: save it as UTF-8, and import it again");
const HTML: FileKind = FileKind::Refused(
    "an HTML page, perhaps an error page that was saved instead of the file: download the file again",
);
const XML: FileKind = FileKind::Refused("XML: convert it to JSON Lines, and import that file");
const TABLE: FileKind = FileKind::Refused(
    "a table in a text format such as CSV: convert it to JSON Lines (in pandas with `read_csv` and `to_json(…, \
     orient=\"records\", lines=True)`), and import that file",
);

/// Recognises a file by its first [`HEAD_BYTES`] bytes.
pub(super) fn recognise(head: &[u8]) -> FileKind {
    let has =
        |offset: usize, signature: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(signature));
    if let Some((.., kind)) = SIGNATURES
        .iter()
        .find(|(offset, signature, _)| has(*offset, signature))
    {
        return *kind;
    }
    utf_16(head).unwrap_or_else(|| text(head))
}

/// UTF-16, recognised by its byte order mark or by the zero byte in its first character, which is ASCII.
fn utf_16(head: &[u8]) -> Option<FileKind> {
    let begins_json = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'{' | b'[');
    match head {
        [0xff, 0xfe, ..] => Some(FileKind::Utf16Le),
        [first, 0, 0, 0, ..] | [0, 0, 0, first, ..] if begins_json(*first) => Some(UTF_32),
        [first, 0, ..] if begins_json(*first) => Some(FileKind::Utf16Le),
        [0, first, ..] if begins_json(*first) => Some(FileKind::Utf16Be),
        _ => None,
    }
}

fn text(head: &[u8]) -> FileKind {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{1e}'));
    match text.chars().next() {
        None | Some('{' | '[') => FileKind::Json,
        Some('<') => {
            let lower = text.to_ascii_lowercase();
            if ["<!doctype html", "<html", "<head", "<body"]
                .iter()
                .any(|tag| lower.contains(tag))
            {
                HTML
            } else {
                XML
            }
        }
        Some(_) if is_table(text) => TABLE,
        Some(_) => FileKind::Text,
    }
}

/// Whether the first line is a table row: a header that names a paper's field, or a row that begins with an arXiv
/// identifier.
fn is_table(text: &str) -> bool {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    let mut columns = line
        .split([',', ';', '\t'])
        .map(|column| column.trim().trim_matches('"').to_ascii_lowercase())
        .peekable();
    let begins_with_id = columns
        .peek()
        .is_some_and(|first| first.parse::<domain::ArxivId>().is_ok());
    let is_heading = |column: String| {
        [
            "id",
            "arxiv_id",
            "title",
            "abstract",
            "summary",
            "authors",
            "categories",
            "upvotes",
        ]
        .contains(&column.as_str())
    };
    line.contains([',', ';', '\t']) && (begins_with_id || columns.any(is_heading))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_recognised_by_how_it_begins() {
        for (head, kind) in [
            ("", FileKind::Json),
            (" \n", FileKind::Json),
            ("{\"id\"", FileKind::Json),
            ("\u{feff}\r\n[", FileKind::Json),
            ("null\n", FileKind::Text),
            ("Papers, with their titles\n", FileKind::Text),
            ("id,title,abstract\n2611.00001,T,A\n", TABLE),
            ("\u{feff},\"id\",\"Title\"\r\n", TABLE),
            ("upvotes\ttitle\n", TABLE),
            ("2611.00001;\"A title\";12\n", TABLE),
            ("id\n{\"id\"", FileKind::Text),
            ("<!DOCTYPE html>", HTML),
            ("\n<!-- gone --><html lang=en>", HTML),
            ("<?xml version=\"1.0\"?><rss>", XML),
        ] {
            assert_eq!(recognise(head.as_bytes()), kind, "{head:?}");
        }
    }

    #[test]
    fn utf_16_is_recognised_with_and_without_a_byte_order_mark() {
        for (head, kind) in [
            (&b"\xff\xfe{\0"[..], FileKind::Utf16Le),
            (b"\xfe\xff\0{", FileKind::Utf16Be),
            (b"{\0\"\0", FileKind::Utf16Le),
            (b"\r\0\n\0[\0", FileKind::Utf16Le),
            (b"\0[\0{", FileKind::Utf16Be),
            (b"\xff\xfe\0\0{\0\0\0", UTF_32),
            (b"{\0\0\0\"\0\0\0", UTF_32),
            (b"\0\0\0{", UTF_32),
            (b"\0\0\0", FileKind::Text),
        ] {
            assert_eq!(recognise(head), kind, "{head:?}");
        }
    }
}
