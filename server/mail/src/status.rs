//! What the status codes of mail servers mean for an address: SMTP reply codes (RFC 5321) and enhanced status codes
//! (RFC 3463).

/// What a permanent refusal says about the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The address does not exist: 5.1.1 and similar codes, 5.2.1.
    Certain,
    /// The address may be at fault: other 5.1.x and 5.2.x; 550, 551 and 553 without an enhanced code.
    Possible,
    /// The address is not at fault: policy, our own address, routing, the email itself.
    None,
}

impl Blame {
    /// Reads a reply code and the text with it.
    pub fn of(code: Option<u16>, text: &str) -> Self {
        match permanent_status(text) {
            Some((1, 1 | 2 | 3 | 6 | 10) | (2, 1)) => Self::Certain,
            // 5.1.7 and 5.1.8 are about the sender.
            Some((1, 7 | 8)) => Self::None,
            Some((1 | 2, _)) => Self::Possible,
            Some(_) => Self::None,
            None if matches!(code, None | Some(550 | 551 | 553)) => Self::Possible,
            None => Self::None,
        }
    }
}

/// Why a mail server rejected an email, in words for the owner of the address. The server's own text is not shown to
/// everyone who types the address.
pub fn rejection_label(text: &str) -> &'static str {
    match permanent_status(text) {
        Some((2, 2)) => "the mailbox is full",
        Some((2, _)) => "the mailbox does not accept email",
        Some((1, _)) => "the mailbox does not exist",
        _ => "the mail server rejected it permanently",
    }
}

/// Subject and detail of an enhanced status code of class 5 in a text: `(1, 1)` for `5.1.1`.
fn permanent_status(text: &str) -> Option<(u16, u16)> {
    let code = status_code(text, &["5"])?;
    let (_, rest) = code.split_once('.')?;
    let (subject, detail) = rest.split_once('.')?;
    Some((subject.parse().ok()?, detail.parse().ok()?))
}

/// The first enhanced status code of one of these classes: `5.1.1` in `(#5.1.1)` and in `550-5.1.1 No`. `192.5.1.1`
/// is not a status code.
pub(crate) fn status_code(text: &str, classes: &[&str]) -> Option<String> {
    let is_code = |word: &&str| {
        let numbers: Vec<&str> = word.split('.').collect();
        let is_number = |text: &&str| matches!(text.len(), 1..=3) && text.bytes().all(|b| b.is_ascii_digit());
        numbers.len() == 3 && classes.contains(&numbers[0]) && numbers.iter().all(is_number)
    };
    words(text).find(is_code).map(str::to_owned)
}

/// The first SMTP reply code that refuses.
pub(crate) fn reply_code(text: &str) -> Option<&str> {
    words(text).find(|word| {
        word.len() == 3 && word.starts_with(['4', '5']) && word.bytes().all(|b| b.is_ascii_digit())
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '.')
        .map(|word| word.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enhanced_status_is_found_in_the_text_of_a_reply() {
        for (text, found) in [
            ("permanent error (550): 5.1.1 no such user", Some((1, 1))),
            ("550-5.7.26 unauthenticated; see http://a.b/c", Some((7, 26))),
            ("550 host 10.5.1.1 says no", None),
            ("4.2.2 mailbox full", None),
            ("550 no", None),
            ("#5.1.10", Some((1, 10))),
        ] {
            assert_eq!(permanent_status(text), found, "{text}");
        }
    }

    #[test]
    fn a_reply_blames_the_address_only_if_its_code_says_so() {
        for (code, text, blame) in [
            (550, "5.1.1 no such user", Blame::Certain),
            (552, "5.2.2 mailbox full", Blame::Possible),
            (550, "no", Blame::Possible),
            (550, "5.1.8 sender domain", Blame::None),
            (550, "5.7.1 policy", Blame::None),
            (554, "no", Blame::None),
        ] {
            assert_eq!(Blame::of(Some(code), text), blame, "{code} {text}");
        }
    }

    #[test]
    fn the_owner_of_an_address_reads_why_it_was_rejected() {
        for (text, label) in [
            ("550 5.1.1 no such user", "the mailbox does not exist"),
            ("552 5.2.2 over quota", "the mailbox is full"),
            ("550 5.2.1 disabled", "the mailbox does not accept email"),
            ("554 5.7.1 policy", "the mail server rejected it permanently"),
            ("550 no", "the mail server rejected it permanently"),
        ] {
            assert_eq!(rejection_label(text), label, "{text}");
        }
    }
}
