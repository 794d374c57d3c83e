//! Domain names in the form that mail servers and the DNS use.

use std::borrow::Cow;

use idna::AsciiDenyList;

/// The longest domain to convert. The DNS limit is 253 bytes after conversion.
const MOST_BYTES: usize = 1024;

/// A domain with at least two parts, in lower-case ASCII: `Bücher.example` becomes `xn--bcher-kva.example` (UTS #46,
/// the mapping that browsers use). `None` if it is not a domain. A numeric address such as `192.0.2.1` is not a domain.
pub fn ascii_domain(domain: &str) -> Option<String> {
    if domain.len() > MOST_BYTES {
        return None;
    }
    let convert = |text: &str| {
        idna::domain_to_ascii_cow(text.as_bytes(), AsciiDenyList::STD3)
            .ok()
            .map(Cow::into_owned)
    };
    // Some Persian and Indian words need a joiner. Elsewhere it was copied by accident, and the standard refuses it.
    let ascii = convert(domain).or_else(|| convert(&domain.replace(['\u{200c}', '\u{200d}'], "")))?;
    is_domain(&ascii).then_some(ascii)
}

fn is_domain(ascii: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top_is_a_word = ascii
        .rsplit('.')
        .next()
        .is_some_and(|top| top.len() >= 2 && top.bytes().any(|b| b.is_ascii_alphabetic()));
    ascii.len() <= 253 && ascii.contains('.') && ascii.split('.').all(is_label) && top_is_a_word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internationalised_domain_has_one_ascii_form() {
        for (domain, ascii) in [
            ("Example.ORG", "example.org"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("BU\u{308}CHER.example", "xn--bcher-kva.example"),
            ("XN--bcher-KVA.example", "xn--bcher-kva.example"),
            ("straße.example", "xn--strae-oqa.example"),
            ("大学。日本", "xn--pss25c.xn--wgv71a"),
            ("почта.рф", "xn--80a1acny.xn--p1ai"),
            ("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"),
            ("नमस्ते.भारत", "xn--h2bhs4b8d8a.xn--h2brj9c"),
            // The first joiner is needed in Persian. The second was copied by accident.
            ("نامه\u{200c}ای.example", "xn--mgba3gch31f060k.example"),
            ("exam\u{200d}ple.org", "example.org"),
        ] {
            assert_eq!(ascii_domain(domain).as_deref(), Some(ascii), "{domain}");
        }
    }

    #[test]
    fn invalid_domains_are_refused() {
        let long = format!("{}.example", "ü".repeat(400));
        for domain in [
            "",
            ".",
            "localhost",
            "bücher",
            "a..b",
            "-a.example",
            "a_b.example",
            "a/b.example",
            "℀.example",
            "192.0.2.1",
            "xn--a.example",
            "xn--\u{fc}.example",
            "a\u{301}\u{0}.example",
            "\u{301}a.example",
            &long,
        ] {
            assert_eq!(ascii_domain(domain), None, "{domain:?}");
        }
    }
}
