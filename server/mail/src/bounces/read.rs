//! Reading a report.

use mail_parser::{Message, PartType};

use super::{
    fields::{each_once, first_word, ids, marks},
    parts::{Fields, all, fields, fields_of, first, paragraphs, parse, take_apart, text, texts},
    recipients::{of_complaint, of_qmail, of_status},
    report::{Action, Kind, NotAReport, Recipient, Report},
};

/// The size of a report, at most, in bytes. A report includes at most our email, which is much smaller.
const MAX_BYTES: usize = 1024 * 1024;

/// The fields of a report that may hold the address to which it was sent.
const SENT_TO: [&str; 6] = [
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
];
/// The parts that include our email, or its head.
const EMAIL: [&str; 5] = [
    "rfc822",
    "rfc822-headers",
    "rfc822-header",
    "global",
    "global-headers",
];
/// The parts that say what happened to it (RFC 3464, RFC 6533).
const STATUS: [&str; 2] = ["delivery-status", "global-delivery-status"];
/// The part of an abuse report that says what it is about (RFC 5965).
const FEEDBACK: [&str; 1] = ["feedback-report"];

/// Reads one email. It never panics, whatever the bytes are.
pub fn read(bytes: &[u8]) -> Result<Report, NotAReport> {
    if bytes.trim_ascii().is_empty() {
        return Err(NotAReport::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(NotAReport::TooLarge(bytes.len()));
    }
    let message = parse(bytes).ok_or(NotAReport::Unreadable)?;
    let report = report(&message);
    take_apart(message);
    report
}

/// Reads a parsed email.
fn report(message: &Message<'_>) -> Result<Report, NotAReport> {
    let head = fields_of(message);
    let status: Vec<Fields> = texts(message, &STATUS)
        .iter()
        .flat_map(|text| paragraphs(text))
        .map(|text| fields(&text))
        .collect();
    let feedback: Vec<Fields> = texts(message, &FEEDBACK)
        .iter()
        .map(|text| fields(text))
        .collect();
    let mut email: Vec<Fields> = texts(message, &EMAIL).iter().map(|text| fields(text)).collect();

    let (kind, recipients) = if !feedback.is_empty() {
        (
            complaint(&feedback)?,
            feedback.iter().flat_map(of_complaint).collect(),
        )
    } else if !status.is_empty() {
        failed_or_passing(status.iter().filter_map(of_status).collect())?
    } else if let Some(texts) = paragraphs_of_qmail(message) {
        // After a paragraph that begins with a dash comes our email, which may contain anything.
        let end = texts
            .iter()
            .position(|text| text.starts_with('-'))
            .unwrap_or(texts.len());
        email.extend(texts.get(end + 1).map(|text| fields(text)));
        failed_or_passing(texts[..end].iter().filter_map(|text| of_qmail(text)).collect())?
    } else if is_automatic(&head) {
        return Err(NotAReport::AutoReply);
    } else {
        return Err(NotAReport::Ordinary);
    };

    let values = status
        .iter()
        .chain(&feedback)
        .chain(&email)
        .flatten()
        .map(|(_, value)| value.as_str());
    let marks = all(&head, &SENT_TO).chain(values).flat_map(marks).collect();
    Ok(Report {
        kind,
        marks: each_once(marks),
        message_ids: each_once(message_ids(&head, &status, &email)),
        recipients,
    })
}

/// The Message-IDs of our email: from its head, or from the status, or those to which the report replies.
fn message_ids(head: &Fields, status: &[Fields], email: &[Fields]) -> Vec<String> {
    let mut found: Vec<String> = email
        .iter()
        .flat_map(|fields| all(fields, &["message-id"]))
        .chain(
            status
                .iter()
                .flat_map(|fields| all(fields, &["x-original-message-id"])),
        )
        .flat_map(ids)
        .collect();
    if found.is_empty() {
        found.extend(all(head, &["in-reply-to", "references"]).flat_map(ids));
    }
    found
}

/// The kind of a delivery report with these recipients.
fn failed_or_passing(recipients: Vec<Recipient>) -> Result<(Kind, Vec<Recipient>), NotAReport> {
    if recipients.is_empty() {
        return Err(NotAReport::NoRecipient);
    }
    let failed = recipients
        .iter()
        .any(|recipient| recipient.action == Some(Action::Failed));
    Ok((if failed { Kind::Failed } else { Kind::Passing }, recipients))
}

/// What an abuse report asks. “Not spam” (RFC 6430) takes a complaint back. Failed authentication (RFC 6591) is about
/// our server. Unknown types ask for nothing.
fn complaint(feedback: &[Fields]) -> Result<Kind, NotAReport> {
    let kind = feedback.iter().find_map(|fields| first(fields, "feedback-type"));
    match first_word(kind.ok_or(NotAReport::NoFeedbackType)?).as_str() {
        "abuse" | "fraud" | "virus" | "opt-out" | "opt-out-list" => Ok(Kind::Complaint),
        _ => Ok(Kind::Passing),
    }
}

/// The paragraphs of a bounce in qmail's own format (QSBMF), which is plain text.
fn paragraphs_of_qmail(message: &Message<'_>) -> Option<Vec<String>> {
    let part = message
        .parts
        .iter()
        .find(|part| matches!(part.body, PartType::Text(_)))?;
    let text = text(message, part);
    text.trim_start()
        .starts_with("Hi. This is the ")
        .then(|| paragraphs(&text))
}

/// Whether an email with these fields was written by a machine.
fn is_automatic(head: &Fields) -> bool {
    const SIGNS: [&str; 4] = [
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-response-suppress",
    ];
    all(head, &SIGNS).next().is_some()
        || first(head, "auto-submitted").is_some_and(|value| first_word(value) != "no")
        || first(head, "precedence").is_some_and(|value| first_word(value) == "auto_reply")
}
