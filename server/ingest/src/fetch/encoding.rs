//! The encoding of XML documents.

/// The text of an XML document. Its encoding is that of its byte order mark, else that of its declaration, else UTF-8
/// (XML 1.0, appendix F). Bytes that are invalid in this encoding become U+FFFD.
pub fn text_of(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declared = head
        .split_once("encoding=")
        .filter(|(before, _)| before.trim_start_matches('\u{feff}').starts_with("<?xml"))
        .and_then(|(_, rest)| {
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            rest[1..].split(quote).next()
        })
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
        // The declaration itself was read as ASCII.
        .filter(|encoding| encoding.is_ascii_compatible())
        .unwrap_or(encoding_rs::UTF_8);
    // `decode` prefers the encoding of a byte order mark.
    declared.decode(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_encoding_it_declares() {
        assert_eq!(
            text_of(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>"),
            "<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>"
        );
        assert_eq!(text_of("<a>é</a>".as_bytes()), "<a>é</a>");
        assert_eq!(text_of(b"<a>\xe9</a>"), "<a>\u{fffd}</a>");
        assert_eq!(
            text_of(b"<?xml version=\"1.0\" encoding=\"no-such-thing\"?><a/>"),
            "<?xml version=\"1.0\" encoding=\"no-such-thing\"?><a/>"
        );
        assert_eq!(text_of(b""), "");
    }
}
