//! The body of an answer, bounded and as text.

use domain::Upstream;
use reqwest::{Response, header};

use store::Validators;

use super::{FetchError, in_words};

/// An answer that arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// The HTTP status.
    pub status: u16,
    /// Unpacked.
    pub bytes: Vec<u8>,
    /// The address it came from in the end.
    pub url: String,
    /// For asking again only if it has changed.
    pub validators: Validators,
}

/// Reads an answer piece by piece, and stops where it is larger than any honest one.
pub(super) async fn read(
    mut response: Response,
    most: usize,
    upstream: Upstream,
) -> Result<Body, FetchError> {
    let too_large = || {
        FetchError::Refused(format!(
            "{} answered with more than {} MB",
            upstream.short_label(),
            most >> 20
        ))
    };
    if response
        .content_length()
        .is_some_and(|length| length > most as u64)
    {
        return Err(too_large());
    }
    let header = |name| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let mut body = Body {
        status: response.status().as_u16(),
        bytes: Vec::new(),
        url: response.url().to_string(),
        validators: Validators {
            etag: header(header::ETAG),
            last_modified: header(header::LAST_MODIFIED),
        },
    };
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| in_words(upstream, &error))?
    {
        if body.bytes.len() + piece.len() > most {
            return Err(too_large());
        }
        body.bytes.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The text of an XML document: by its byte order mark, else by the encoding its declaration names, else UTF-8
/// (XML 1.0, appendix F). Bytes that do not fit become U+FFFD.
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
        // Its own name could not have been read so.
        .filter(|encoding| encoding.is_ascii_compatible())
        .unwrap_or(encoding_rs::UTF_8);
    // A byte order mark wins.
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
