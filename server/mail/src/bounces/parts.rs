//! The parts of a mail as texts, and the fields in them.

use std::panic::catch_unwind;

use mail_parser::{
    HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType,
    decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode},
};

const MULTIPART: &[u8] = b"multipart";
/// The parser looks for the first boundary of each multipart up to the end of the mail: tens of thousands without one
/// would take it ten seconds. A report and the letter in it have fewer than ten.
const MOST_MULTIPARTS: usize = 100;

/// Header fields: names in lower case, values on one line.
pub(super) type Fields = Vec<(String, String)>;

/// Leaves the transfer encoding to [`text`], by having the field read as another kind than the parser looks for: it
/// would unpack encoded mails within mails by recursion, of which a forged one can ask for more than the stack holds.
/// All other fields stay as they were written.
fn parser() -> MessageParser {
    MessageParser::new()
        .with_mime_headers()
        .header_content_type(HeaderName::ContentTransferEncoding)
}

/// A mail in its parts. The parser means never to panic, but holds debug assertions that damaged mails break: then the
/// mail counts as unreadable.
pub(super) fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    let multiparts = bytes
        .windows(MULTIPART.len())
        .filter(|bytes| bytes.eq_ignore_ascii_case(MULTIPART));
    if multiparts.count() > MOST_MULTIPARTS {
        return None;
    }
    catch_unwind(|| parser().parse(bytes)).ok().flatten()
}

/// Drops a mail level by level: dropped as a whole, tens of thousands of mails within mails would overflow the stack.
pub(super) fn take_apart(message: Message<'_>) {
    let mut left = vec![message];
    while let Some(message) = left.pop() {
        left.extend(message.parts.into_iter().filter_map(|part| match part.body {
            PartType::Message(inner) => Some(inner),
            _ => None,
        }));
    }
}

/// The texts of those parts of the mail itself, not of mails within it, whose type ends so.
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

/// A part as text. One that does not decode is taken as it is; UTF-8 is what the RFCs ask of all that we look for.
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
            // The parser looks for the head of a mail in here, and may have run over the boundary meanwhile.
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

/// What stands between blank lines.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .split(|line| line.trim().is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| lines.join("\n"))
        .collect()
}

/// The fields at the head of a text.
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

pub(super) fn fields_of(message: &Message<'_>) -> Fields {
    message
        .headers()
        .iter()
        .filter_map(|field| Some((field.name().to_ascii_lowercase(), field.value.as_text()?)))
        .map(|(name, value)| (name, value.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

pub(super) fn all<'a>(fields: &'a Fields, names: &[&str]) -> impl Iterator<Item = &'a str> {
    fields
        .iter()
        .filter(|(name, _)| names.contains(&name.as_str()))
        .map(|(_, value)| value.as_str())
}

pub(super) fn first<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    all(fields, &[name]).next()
}
