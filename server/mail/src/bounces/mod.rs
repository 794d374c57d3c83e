//! Letters that came back: what a mail server, or the provider of a reader who pressed “spam”, says about them.
//!
//! All of it was written by strangers. Nothing here acts: whoever does must first check that a mark is one of ours.

mod boxes;
mod parts;
mod words;

use mail_parser::{Message, PartType};
use parts::{Fields, all, fields, fields_of, first, paragraphs, parse, take_apart, text, texts};
use words::{address, diagnostic, each_once, first_word, ids, marks, reply_code};

pub use boxes::{files, mails};
pub(crate) use words::code;

/// Reports return at most the letter, which is far below this; what is larger would only cost time.
const LARGEST: usize = 1024 * 1024;

/// The fields of a report that may hold the address to which it was sent.
const SENT_TO: [&str; 6] = [
    "to",
    "cc",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
];
/// The parts that return our letter, or its head.
const LETTER: [&str; 5] = [
    "rfc822",
    "rfc822-headers",
    "rfc822-header",
    "global",
    "global-headers",
];
/// The parts that say what became of it (RFC 3464, RFC 6533).
const STATUS: [&str; 2] = ["delivery-status", "global-delivery-status"];
/// The part of an abuse report that says what it is about (RFC 5965).
const FEEDBACK: [&str; 1] = ["feedback-report"];

/// What a mail that came back says: a delivery status notification (RFC 3464) or an abuse report (RFC 5965).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What there is to do.
    pub kind: Kind,
    /// Every `bounce.<digits>.<hex>` in the addresses to which the report was sent, then in the returned letter; in
    /// lower case, each once. Anybody can write one: the caller checks the hex.
    pub marks: Vec<String>,
    /// The Message-ID of the returned letter, without its angle brackets; if nothing was returned, those that the
    /// report says it answers. No proof of anything: they can be guessed.
    pub message_ids: Vec<String>,
    /// Whom it is about, in the report's order. A complaint often names nobody.
    pub recipients: Vec<Recipient>,
}

/// What a report asks of us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// To at least one recipient the letter will not be delivered.
    Failed,
    /// Nothing to do: it is still being tried, or arrived, or the reader took back a complaint.
    Passing,
    /// The reader pressed “this is spam”.
    Complaint,
}

/// One recipient of the returned letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// As we wrote it where the report says so (Original-Recipient), else where it went in the end.
    pub address: String,
    /// What became of the letter. `None` in a complaint, and where the report says nothing that can be understood.
    pub action: Option<Action>,
    /// The enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// The other server's words on one line, at most 200 characters of them, without control characters.
    pub diagnostic: Option<String>,
}

/// What became of a letter to one recipient (RFC 3464, section 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Given up.
    Failed,
    /// Not yet delivered; it is tried again.
    Delayed,
    /// In the mailbox.
    Delivered,
    /// Handed to a server that reports no successes.
    Relayed,
    /// Delivered to a list, and from there on to others.
    Expanded,
}

/// Why a mail is not a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAReport {
    /// No byte, or only blanks.
    #[error("the mail is empty")]
    Empty,
    /// More than 1 MiB.
    #[error("the mail is larger than a report ever is: {0} bytes")]
    TooLarge(usize),
    /// Not one header field, or so odd that the parser gives up.
    #[error("this cannot be read as a mail")]
    Unreadable,
    /// Somebody's machine answered, as it does during holidays.
    #[error("an automatic answer, such as an out-of-office note")]
    AutoReply,
    /// A letter like any other.
    #[error("an ordinary mail: it has neither a delivery status nor an abuse report in it")]
    Ordinary,
    /// A delivery status without Final-Recipient.
    #[error("a delivery status that names no recipient")]
    NoRecipient,
    /// An abuse report without Feedback-Type.
    #[error("an abuse report that does not say of which type it is")]
    NoFeedbackType,
}

/// Reads one mail. Never panics, whatever the bytes are.
pub fn read(bytes: &[u8]) -> Result<Report, NotAReport> {
    if bytes.trim_ascii().is_empty() {
        return Err(NotAReport::Empty);
    }
    if bytes.len() > LARGEST {
        return Err(NotAReport::TooLarge(bytes.len()));
    }
    let message = parse(bytes).ok_or(NotAReport::Unreadable)?;
    let report = report(&message);
    take_apart(message);
    report
}

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
    let mut letter: Vec<Fields> = texts(message, &LETTER).iter().map(|text| fields(text)).collect();

    let (kind, recipients) = if !feedback.is_empty() {
        (
            complaint(&feedback)?,
            feedback.iter().flat_map(complained_about).collect(),
        )
    } else if !status.is_empty() {
        failed_or_passing(status.iter().filter_map(recipient).collect())?
    } else if let Some(words) = words_of_qmail(message) {
        // Below a paragraph that begins with a dash comes the letter, and it may contain anything.
        let end = words
            .iter()
            .position(|text| text.starts_with('-'))
            .unwrap_or(words.len());
        letter.extend(words.get(end + 1).map(|text| fields(text)));
        failed_or_passing(
            words[..end]
                .iter()
                .filter_map(|text| recipient_of_qmail(text))
                .collect(),
        )?
    } else if is_automatic(&head) {
        return Err(NotAReport::AutoReply);
    } else {
        return Err(NotAReport::Ordinary);
    };

    let addressed = all(&head, &SENT_TO);
    let said = status
        .iter()
        .chain(&feedback)
        .chain(&letter)
        .flatten()
        .map(|(_, value)| value.as_str());
    let marks = addressed.chain(said).flat_map(marks).collect();
    let mut message_ids: Vec<String> = letter
        .iter()
        .flat_map(|fields| all(fields, &["message-id"]))
        .flat_map(ids)
        .collect();
    message_ids.extend(
        status
            .iter()
            .flat_map(|fields| all(fields, &["x-original-message-id"]))
            .flat_map(ids),
    );
    if message_ids.is_empty() {
        message_ids.extend(all(&head, &["in-reply-to", "references"]).flat_map(ids));
    }
    Ok(Report {
        kind,
        marks: each_once(marks),
        message_ids: each_once(message_ids),
        recipients,
    })
}

fn failed_or_passing(recipients: Vec<Recipient>) -> Result<(Kind, Vec<Recipient>), NotAReport> {
    if recipients.is_empty() {
        return Err(NotAReport::NoRecipient);
    }
    let failed = recipients
        .iter()
        .any(|recipient| recipient.action == Some(Action::Failed));
    Ok((if failed { Kind::Failed } else { Kind::Passing }, recipients))
}

/// One group of a delivery status; the first, on the whole mail, names no recipient.
fn recipient(fields: &Fields) -> Option<Recipient> {
    let address = all(fields, &["original-recipient"])
        .chain(all(fields, &["final-recipient"]))
        .find_map(address)?;
    let said = first(fields, "diagnostic-code");
    let in_diagnostic = said.and_then(|said| code(said, &["4", "5"]));
    let status = match first(fields, "status").and_then(|status| code(status, &["2", "4", "5"])) {
        // “Something failed”, which is all that Exim writes here, while the other server's words know more.
        Some(vague) if vague.ends_with(".0.0") => Some(
            in_diagnostic
                .filter(|code| code[..1] == vague[..1])
                .unwrap_or(vague),
        ),
        status => status.or(in_diagnostic),
    };
    let class = status
        .as_deref()
        .or_else(|| reply_code(said?))
        .and_then(|code| code.chars().next());
    let action = match first(fields, "action").map(first_word).as_deref() {
        Some("failed") => Some(Action::Failed),
        Some("delayed") => Some(Action::Delayed),
        Some("delivered") => Some(Action::Delivered),
        Some("relayed") => Some(Action::Relayed),
        Some("expanded") => Some(Action::Expanded),
        _ => match class {
            Some('5') => Some(Action::Failed),
            Some('4') => Some(Action::Delayed),
            Some('2') => Some(Action::Delivered),
            _ => None,
        },
    };
    Some(Recipient {
        address,
        action,
        status,
        diagnostic: said.and_then(diagnostic),
    })
}

/// What an abuse report asks. “Not spam” (RFC 6430) takes one back; failed authentication (RFC 6591) is about our
/// server; types that are not known ask for nothing that we could do.
fn complaint(feedback: &[Fields]) -> Result<Kind, NotAReport> {
    let kind = feedback.iter().find_map(|fields| first(fields, "feedback-type"));
    match first_word(kind.ok_or(NotAReport::NoFeedbackType)?).as_str() {
        "abuse" | "fraud" | "virus" | "opt-out" | "opt-out-list" => Ok(Kind::Complaint),
        _ => Ok(Kind::Passing),
    }
}

fn complained_about(feedback: &Fields) -> impl Iterator<Item = Recipient> {
    all(feedback, &["original-rcpt-to", "removal-recipient"])
        .filter_map(address)
        .map(|address| Recipient {
            address,
            action: None,
            status: None,
            diagnostic: None,
        })
}

/// The paragraphs of a bounce in qmail's own format (QSBMF), which is plain text.
fn words_of_qmail(message: &Message<'_>) -> Option<Vec<String>> {
    let part = message
        .parts
        .iter()
        .find(|part| matches!(part.body, PartType::Text(_)))?;
    let text = text(message, part);
    text.trim_start()
        .starts_with("Hi. This is the ")
        .then(|| paragraphs(&text))
}

/// `<address>:`, and below it why. qmail writes only when it has given up.
fn recipient_of_qmail(paragraph: &str) -> Option<Recipient> {
    let (line, why) = paragraph.split_once('\n')?;
    Some(Recipient {
        address: address(line.trim().strip_prefix('<')?.strip_suffix(">:")?)?,
        action: Some(Action::Failed),
        status: code(why, &["4", "5"]),
        diagnostic: diagnostic(why),
    })
}

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
