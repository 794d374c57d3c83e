//! What single fields of a report say, word by word.

use std::collections::HashSet;

/// What a diagnostic keeps, in characters: enough for the sentence, little enough for a log line.
const DIAGNOSTIC: usize = 200;
/// The longest path that SMTP allows is 256 bytes; what is longer is no address.
const ADDRESS: usize = 256;

/// In lower case, without what follows it, such as a comment.
pub(super) fn first_word(value: &str) -> String {
    let end = |c: char| c.is_whitespace() || matches!(c, '(' | ';' | ',');
    value.split(end).next().unwrap_or_default().to_ascii_lowercase()
}

/// The address in `rfc822; user@example.org`. In 7-bit reports the type `utf-8` writes `\x{E9}` for é (RFC 6533).
pub(super) fn address(value: &str) -> Option<String> {
    let (kind, rest) = value.split_once(';').unwrap_or(("rfc822", value));
    let bare = match rest.split_once('<').and_then(|(_, rest)| rest.rsplit_once('>')) {
        Some((inner, _)) => inner,
        // A quoted name may hold blanks.
        None if rest.trim_start().starts_with('"') => rest,
        None => rest.split_whitespace().next()?,
    };
    // Six ASCII characters may stand for one here: room for that, but not for a mail full of them.
    if bare.len() > 6 * ADDRESS {
        return None;
    }
    let bare = if kind.trim().eq_ignore_ascii_case("utf-8") {
        unescaped(bare)
    } else {
        bare.to_owned()
    };
    let bare = one_line(&bare);
    (!bare.is_empty() && bare.len() <= ADDRESS).then_some(bare)
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

/// The words after `smtp;`, fit for one line of a log.
pub(super) fn diagnostic(value: &str) -> Option<String> {
    let said = match value.split_once(';') {
        Some((kind, said)) if !kind.trim().contains(char::is_whitespace) => said,
        _ => value,
    };
    let line: String = one_line(said).chars().take(DIAGNOSTIC).collect();
    (!line.is_empty()).then_some(line)
}

/// Zero-width characters, and those that turn the writing direction.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Blanks become one blank. What moves the cursor or turns the writing direction is left out: a log is read by people.
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

/// The first enhanced status code, such as `5.1.1` in `(#5.1.1)` and in `550-5.1.1 No`, but not in `192.5.1.1`.
pub(crate) fn code(text: &str, classes: &[&str]) -> Option<String> {
    let is_code = |word: &&str| {
        let numbers: Vec<&str> = word.split('.').collect();
        let is_number = |text: &&str| matches!(text.len(), 1..=3) && text.bytes().all(|b| b.is_ascii_digit());
        numbers.len() == 3 && classes.contains(&numbers[0]) && numbers.iter().all(is_number)
    };
    words(text).find(is_code).map(str::to_owned)
}

/// The first SMTP reply code that refuses.
pub(super) fn reply_code(text: &str) -> Option<&str> {
    words(text).find(|word| {
        word.len() == 3 && word.starts_with(['4', '5']) && word.bytes().all(|b| b.is_ascii_digit())
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '.')
        .map(|word| word.trim_end_matches('.'))
}

/// All that has the shape `bounce.<digits>.<16 to 40 hex>`, in lower case. What stands before it does not matter:
/// forwarders put our address into one of theirs (SRS), and some write its plus as `+2B`.
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

/// What stands in angle brackets. Without any, the word itself if it looks like a Message-ID; one that was cut off
/// in its middle is none.
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

/// Without what came before.
pub(super) fn each_once(mut all: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert(one.clone()));
    all
}
