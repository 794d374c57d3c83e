//! The parts of an email as text, and the header fields in them.

use std::panic::catch_unwind;

use mail_parser::{
    HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};

const MULTIPART: &[u8] = b"multipart";
/// The parser searches the rest of the email for the boundary of each multipart. With tens of thousands of multiparts
/// that takes ten seconds. A report with our email in it has fewer than ten.
const MAX_MULTIPARTS: usize = 100;

/// Header fields: names in lower case, values on one line.
pub(super) type Fields = Vec<(String, String)>;

/// A parser that does not decode parts; [`text`] does. It unpacks encoded emails within emails by recursion, and a
/// forged email could overflow the stack. Decoding is turned off by reading Content-Transfer-Encoding as another type
/// of field than the parser expects.
fn parser() -> MessageParser {
    MessageParser::new()
        .with_mime_headers()
        .header_content_type(HeaderName::ContentTransferEncoding)
}

/// An email in its parts. `None` if it cannot be read: damaged emails may fail debug assertions of the parser, which
/// panics then.
pub(super) fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    let multiparts = bytes
        .windows(MULTIPART.len())
        .filter(|bytes| bytes.eq_ignore_ascii_case(MULTIPART));
    if multiparts.count() > MAX_MULTIPARTS {
        return None;
    }
    catch_unwind(|| parser().parse(bytes)).ok().flatten()
}

/// Drops an email level by level. Dropped as a whole, tens of thousands of nested emails would overflow the stack.
pub(super) fn take_apart(message: Message<'_>) {
    let mut left = vec![message];
    while let Some(message) = left.pop() {
        left.extend(message.parts.into_iter().filter_map(|part| match part.body {
            PartType::Message(inner) => Some(inner),
            _ => None,
        }));
    }
}

/// The texts of the parts with one of these subtypes. Emails within the email are not searched.
pub(super) fn texts(message: &Message<'_>, subtypes: &[&str]) -> Vec<String> {
    let is_one = |part: &&MessagePart<'_>| {
        part.content_type().is_some_and(|of| {
            matches!(of.ctype(), "message" | "text")
                && of.subtype().is_some_and(|name| subtypes.contains(&name))
        })
    };
    message
        .parts
        .iter()
        .filter(is_one)
        .map(|part| text(message, part))
        .collect()
}

/// A part as text. A part that cannot be decoded is used as it is. The RFCs require UTF-8 for everything that is read
/// here.
pub(super) fn text(message: &Message<'_>, part: &MessagePart<'_>) -> String {
    let raw = message
        .raw_message
        .get(part.offset_body as usize..part.offset_end as usize)
        .unwrap_or_default();
    let encoding = part
        .headers
        .iter()
        .rfind(|field| field.name == HeaderName::ContentTransferEncoding);
    let encoding = encoding.and_then(|field| field.value.as_content_type());
    let decoded = match encoding.map(|encoding| encoding.ctype()) {
        Some("base64") => {
            // The parser looks for the head of an email in this part and may have passed the boundary.
            let end = raw
                .windows(3)
                .position(|bytes| bytes == b"\n--")
                .unwrap_or(raw.len());
            base64_decode(&raw[..end])
        }
        Some("quoted-printable") => quoted_printable_decode(raw),
        _ => None,
    };
    String::from_utf8_lossy(decoded.as_deref().unwrap_or(raw)).into_owned()
}

/// The blocks between blank lines.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .split(|line| line.trim().is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| lines.join("\n"))
        .collect()
}

/// The header fields at the start of a text.
pub(super) fn fields(text: &str) -> Fields {
    catch_unwind(|| {
        parser()
            .parse_headers(text.trim_start())
            .map(|head| fields_of(&head))
    })
    .ok()
    .flatten()
    .unwrap_or_default()
}

/// The header fields of an email.
pub(super) fn fields_of(message: &Message<'_>) -> Fields {
    message
        .headers()
        .iter()
        .filter_map(|field| Some((field.name().to_ascii_lowercase(), field.value.as_text()?)))
        .map(|(name, value)| (name, value.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

/// The values of all fields with one of these names.
pub(super) fn all<'a>(fields: &'a Fields, names: &[&str]) -> impl Iterator<Item = &'a str> {
    fields
        .iter()
        .filter(|(name, _)| names.contains(&name.as_str()))
        .map(|(_, value)| value.as_str())
}

/// The value of the first field with this name.
pub(super) fn first<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    all(fields, &[name]).next()
}
