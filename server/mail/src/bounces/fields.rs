//! The values of single fields of a report.

use std::collections::HashSet;

/// Characters of a diagnostic that are kept: a sentence, on one line of the log.
const MAX_DIAGNOSTIC: usize = 200;
/// The longest address, in bytes (RFC 5321, section 4.5.3.1.3).
const MAX_ADDRESS: usize = 256;

/// The first word of a value in lower case. What follows, such as a comment, is left out.
pub(super) fn first_word(value: &str) -> String {
    let end = |c: char| c.is_whitespace() || matches!(c, '(' | ';' | ',');
    value.split(end).next().unwrap_or_default().to_ascii_lowercase()
}

/// The address in `rfc822; user@example.org`. In 7-bit reports the type `utf-8` writes `\x{E9}` for é (RFC 6533).
pub(super) fn address(value: &str) -> Option<String> {
    let (kind, rest) = value.split_once(';').unwrap_or(("rfc822", value));
    let bare = match rest.split_once('<').and_then(|(_, rest)| rest.rsplit_once('>')) {
        Some((inner, _)) => inner,
        // A quoted name may contain spaces.
        None if rest.trim_start().starts_with('"') => rest,
        None => rest.split_whitespace().next()?,
    };
    // An escaped character takes up to six bytes here.
    if bare.len() > 6 * MAX_ADDRESS {
        return None;
    }
    let bare = if kind.trim().eq_ignore_ascii_case("utf-8") {
        unescaped(bare)
    } else {
        bare.to_owned()
    };
    let bare = one_line(&bare);
    (!bare.is_empty() && bare.len() <= MAX_ADDRESS).then_some(bare)
}

fn unescaped(text: &str) -> String {
    let (mut done, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(r"\x{") {
        done.push_str(before);
        let escape = after.split_once('}').and_then(|(hex, tail)| {
            Some((u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?, tail))
        });
        match escape {
            Some((c, tail)) => {
                done.push(c);
                rest = tail;
            }
            None => {
                done.push_str(r"\x{");
                rest = after;
            }
        }
    }
    done + rest
}

/// The text after `smtp;`, on one line and shortened.
pub(super) fn diagnostic(value: &str) -> Option<String> {
    let said = match value.split_once(';') {
        Some((kind, said)) if !kind.trim().contains(char::is_whitespace) => said,
        _ => value,
    };
    let line: String = one_line(said).chars().take(MAX_DIAGNOSTIC).collect();
    (!line.is_empty()).then_some(line)
}

/// Zero-width characters, and those that change the writing direction.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// The text on one line, with single spaces. Characters that move the cursor or change the writing direction are
/// removed, because people read the log in a terminal.
fn one_line(text: &str) -> String {
    let is_plain = |c: &char| !c.is_control() && !is_unseen(*c);
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .filter(is_plain)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Everything of the form `bounce.<digits>.<16 to 40 hex digits>`, in lower case. The text before it does not matter:
/// forwarders put our address into one of theirs (SRS), and some write its plus sign as `+2B`.
pub(super) fn marks(value: &str) -> Vec<String> {
    const START: &str = "bounce.";
    let value = value.to_ascii_lowercase();
    let mark = |(at, _): (usize, &str)| {
        let rest = &value[at + START.len()..];
        let (id, rest) = rest.split_once('.')?;
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let hex = &rest[..end];
        let is_mark = !id.is_empty()
            && id.bytes().all(|b| b.is_ascii_digit())
            && matches!(hex.len(), 16..=40)
            && hex.bytes().all(|b| b.is_ascii_hexdigit());
        is_mark.then(|| format!("{START}{id}.{hex}"))
    };
    value.match_indices(START).filter_map(mark).collect()
}

/// The Message-IDs in angle brackets. Without any brackets, the value itself if it looks like a Message-ID. A
/// Message-ID that was cut off is left out.
pub(super) fn ids(value: &str) -> Vec<String> {
    let is_id =
        |id: &&str| id.contains('@') && !id.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>'));
    if value.contains('<') {
        let inner = |text: &str| text.split_once('>').map(|(id, _)| id.trim().to_owned());
        value
            .split('<')
            .skip(1)
            .filter_map(inner)
            .filter(|id| is_id(&id.as_str()))
            .collect()
    } else {
        Some(value).filter(is_id).map(str::to_owned).into_iter().collect()
    }
}

/// Without repetitions.
pub(super) fn each_once(mut all: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert(one.clone()));
    all
}
