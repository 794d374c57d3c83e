//! A syntactically valid email address.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{InvalidEmail, ascii_domain, typed::address_in};

/// The longest address, in bytes (RFC 5321, section 4.5.3.1.3).
const MOST_BYTES: usize = 254;
/// The longest part before the `@`, in bytes (RFC 5321, section 4.5.3.1.1).
const MOST_LOCAL_BYTES: usize = 64;

/// A syntactically valid address: one `@`, only ASCII without control characters and spaces, a domain with a dot, at most
/// 254 bytes. Only a confirmation email shows that a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address: the part before the `@` as typed, the domain in lower case and ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`, in lower case and ASCII.
    pub fn domain(&self) -> &str {
        self.0.rsplit('@').next().unwrap_or_default()
    }

    /// The address in lower case, for comparing two spellings of one mailbox. RFC 5321 allows a
    /// case-sensitive local part, but no provider in common use has one.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    /// Reads an address as people type and paste it: with a name, `mailto:`, quotes or punctuation around
    /// it, with invisible characters, or with an internationalised domain.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = address_in(text)?;
        if text.is_empty() {
            return Err(InvalidEmail::Empty);
        }
        // The length in another script says little about the length in ASCII.
        if text.is_ascii() && text.len() > MOST_BYTES {
            return Err(InvalidEmail::TooLong);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(InvalidEmail::Characters);
        }
        let mut parts = text.split('@');
        let (Some(local), Some(domain), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(InvalidEmail::At);
        };
        let local = local.replace(['\u{200c}', '\u{200d}'], "");
        check_local(&local)?;
        let domain = ascii_domain(domain).ok_or(InvalidEmail::Domain)?;
        let address = format!("{local}@{domain}");
        if address.len() > MOST_BYTES {
            return Err(InvalidEmail::TooLong);
        }
        Ok(Self(address))
    }
}

/// Checks the part before the `@`: RFC 5322 `atext` words separated by dots. Quoted local parts are refused, because hardly
/// any mailbox has one.
fn check_local(local: &str) -> Result<(), InvalidEmail> {
    if let Some(c) = local.chars().find(|c| !c.is_ascii()) {
        return Err(InvalidEmail::LocalNotAscii(c));
    }
    let is_atext = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(is_atext);
    if local.len() > MOST_LOCAL_BYTES || !local.split('.').all(is_word) {
        return Err(InvalidEmail::Local);
    }
    Ok(())
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_accepted() {
        for text in [
            "ada@example.org",
            " ada.lovelace+papers@cs.Example.ORG ",
            "o'neil@x-y.co.uk",
        ] {
            assert!(text.parse::<EmailAddress>().is_ok(), "{text}");
        }
        assert_eq!(
            "Ada@Example.ORG".parse::<EmailAddress>().expect("valid").as_str(),
            "Ada@example.org"
        );
        assert_eq!(
            "Ada@Example.ORG".parse::<EmailAddress>().expect("valid").key(),
            "ada@example.org"
        );
    }

    #[test]
    fn any_other_text_is_refused_with_its_reason() {
        use InvalidEmail::*;
        for (text, why) in [
            ("", Empty),
            ("ada", At),
            ("a@b@c.org", At),
            ("@example.org", Local),
            ("a..b@example.org", Local),
            ("ada@localhost", Domain),
            ("ada@-x.org", Domain),
            ("ada@1.2.3.4", Domain),
            ("ada@example.org\r\nBcc: everyone@example.org", Characters),
            ("ada@example.org\n", Characters),
            ("ada\u{0}@example.org", Characters),
            ("a da@example.org", Characters),
            ("\"ada lovelace\"@example.org", Characters),
            ("\"ada\"@example.org", Local),
            ("leserin@bücher", Domain),
            ("ada@xn--a.example", Domain),
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(why), "{text:?}");
        }
        assert_eq!(
            format!("{}@example.org", "a".repeat(260)).parse::<EmailAddress>(),
            Err(TooLong)
        );
    }

    #[test]
    fn what_surrounds_an_address_is_removed() {
        for text in [
            "\u{200b}ada@example.org",
            "ada@example.org\u{200b}",
            "\u{feff}ada@example.org",
            "ada\u{202c}@example.org",
            "a\u{ad}da@exam\u{2060}ple.org",
            "ada@exam\u{200d}ple.org\u{fe0f}",
            "\t ada@example.org\u{a0}\u{3000}",
            "ada＠example.org",
            "ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
            "ada﹫example。org",
            "mailto:ada@example.org",
            "MAILTO:ada@example.org?subject=Hello%20you&body=a%0D%0Ab@c",
            "mailto://ada@example.org",
            "mailto:%61da%40example.org",
            "<mailto:ada@example.org>",
            "Ada Lovelace <ada@example.org>",
            "\"Lovelace, Ada\" <ada@example.org>,",
            "\"ada@work\" <ada@example.org>",
            "ada@example.org <ada@example.org>",
            "Ada Lovelace [mailto:ada@example.org]",
            "[ada@example.org](mailto:ada@example.org)",
            "ada@example.org (Ada Lovelace)",
            "Ada Lovelace (ada@example.org)",
            "Ærøskøbing Ægir <ada@example.org>",
            "\"ada@example.org\"",
            "“ada@example.org”",
            "'ada@example.org',",
            "(ada@example.org).",
            "<ada@example.org>",
            "<ada@example.org",
            "ada@example.org.",
            "ada@example.org;",
            "ada@example.org。",
        ] {
            let address = text.parse::<EmailAddress>().map(String::from);
            assert_eq!(address.as_deref(), Ok("ada@example.org"), "{text:?}");
        }
    }

    #[test]
    fn two_addresses_are_refused() {
        for text in [
            "a@example.org, b@example.org",
            "a@example.org,b@example.org",
            "<a@example.org>, <b@example.org>",
            "Ada <a@example.org>, Bo <b@example.org>",
            "\"Ada\" <a@example.org>, \"Bo\" <b@example.org>",
            "a@example.org <b@example.org>",
            "a@example.org (b@example.org)",
            "[a@example.org](mailto:b@example.org)",
            "mailto:a@example.org,b@example.org",
            "a@example.org>, <b@example.org",
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn headers_cannot_be_injected() {
        for text in [
            "ada@example.org\r\nBcc: everyone@example.org",
            "Ada\r\nBcc: everyone@example.org <ada@example.org>",
            "mailto:ada%0D%0ABcc:everyone@example.org",
            "mailto:ada@example.org%0A",
            "\u{85}ada@example.org",
            "ada@example.org\u{2028}Bcc: everyone@example.org",
            "ada@example.org%0D%0ABcc:everyone",
            "ada＠example.org＞，＜b＠example.org",
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn both_spellings_of_a_domain_give_one_address() {
        for text in [
            "leserin@bücher.example",
            "leserin@BÜCHER.example",
            "leserin@bu\u{308}cher.example",
            "leserin@xn--bcher-kva.example",
            "Leserin <leserin@XN--BCHER-KVA.EXAMPLE>",
            "mailto:leserin@b%C3%BCcher.example",
        ] {
            let address = text.parse::<EmailAddress>().map(String::from);
            assert_eq!(
                address.as_deref(),
                Ok("leserin@xn--bcher-kva.example"),
                "{text:?}"
            );
        }
        let address: EmailAddress = "почта@пример.рф"
            .replace("почта", "post")
            .parse()
            .expect("an address");
        assert_eq!(address.domain(), "xn--e1afmkfd.xn--p1ai");
    }

    #[test]
    fn the_error_names_the_unsupported_letter() {
        // The last case begins with a Cyrillic а.
        for (text, c) in [
            ("jürgen@example.org", 'ü'),
            ("用户@example.org", '用'),
            ("\u{430}da@example.org", '\u{430}'),
        ] {
            let error = text.parse::<EmailAddress>().expect_err(text);
            assert_eq!(error, InvalidEmail::LocalNotAscii(c), "{text}");
        }
        let message = InvalidEmail::LocalNotAscii('\u{430}').to_string();
        assert!(message.contains("“\u{430}” (U+0430)"), "{message}");
    }

    proptest::proptest! {
        #[test]
        fn an_address_reads_back_and_is_safe_in_a_header(typed in "[ -~ü＠\u{200b}\u{200d}<>@.]{0,40}") {
            if let Ok(address) = typed.parse::<EmailAddress>() {
                proptest::prop_assert!(address.as_str().is_ascii());
                proptest::prop_assert!(!address.as_str().contains(|c: char| c.is_control() || " <>,;\"".contains(c)));
                proptest::prop_assert_eq!(address.as_str().parse(), Ok(address.clone()));
            }
        }
    }
}
