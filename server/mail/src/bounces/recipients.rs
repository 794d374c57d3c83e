//! The recipients that a report names.

use super::{
    fields::{address, diagnostic, first_word},
    parts::{Fields, all, first},
    report::{Action, Recipient},
};
use crate::status::{reply_code, status_code};

/// The recipient of one group of fields of a delivery status. The first group is about the whole email and names
/// none.
pub(super) fn of_status(fields: &Fields) -> Option<Recipient> {
    let address = all(fields, &["original-recipient"])
        .chain(all(fields, &["final-recipient"]))
        .find_map(address)?;
    let text = first(fields, "diagnostic-code");
    let in_diagnostic = text.and_then(|text| status_code(text, &["4", "5"]));
    let status = match first(fields, "status").and_then(|status| status_code(status, &["2", "4", "5"])) {
        // Exim writes only that something failed; the text of the other server may have the full code.
        Some(vague) if vague.ends_with(".0.0") => Some(
            in_diagnostic
                .filter(|code| code[..1] == vague[..1])
                .unwrap_or(vague),
        ),
        status => status.or(in_diagnostic),
    };
    let class = status
        .as_deref()
        .or_else(|| reply_code(text?))
        .and_then(|code| code.chars().next());
    Some(Recipient {
        address,
        action: action(fields, class),
        status,
        diagnostic: text.and_then(diagnostic),
    })
}

/// The action that the report names, or else the one that fits the class of its status code.
fn action(fields: &Fields, class: Option<char>) -> Option<Action> {
    match first(fields, "action").map(first_word).as_deref() {
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
    }
}

/// The recipients that an abuse report names.
pub(super) fn of_complaint(feedback: &Fields) -> impl Iterator<Item = Recipient> {
    all(feedback, &["original-rcpt-to", "removal-recipient"])
        .filter_map(address)
        .map(|address| Recipient {
            address,
            action: None,
            status: None,
            diagnostic: None,
        })
}

/// The recipient of a paragraph of qmail: `<address>:` and, below it, the reason. qmail reports only when it gives
/// up.
pub(super) fn of_qmail(paragraph: &str) -> Option<Recipient> {
    let (line, why) = paragraph.split_once('\n')?;
    Some(Recipient {
        address: address(line.trim().strip_prefix('<')?.strip_suffix(">:")?)?,
        action: Some(Action::Failed),
        status: status_code(why, &["4", "5"]),
        diagnostic: diagnostic(why),
    })
}
