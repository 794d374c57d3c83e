//! The URL of a request for records.

use domain::listing::push_encoded;

/// The URL of the first page of a harvest, or with a token that of the next page.
pub(super) fn list_records(base: &str, set: &str, from: &str, prefix: &str, token: Option<&str>) -> String {
    let mut url = format!("{base}?verb=ListRecords");
    let mut add = |name: &str, value: &str| {
        url.push('&');
        url.push_str(name);
        url.push('=');
        push_encoded(&mut url, value);
    };
    match token {
        // The protocol allows no other argument beside a token.
        Some(token) => add("resumptionToken", token),
        None => {
            add("metadataPrefix", prefix);
            add("set", set);
            add("from", from);
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_only_argument_beside_the_verb() {
        assert_eq!(
            list_records("http://x/oai", "cs:cs:LG", "2026-11-24", "arXivRaw", None),
            "http://x/oai?verb=ListRecords&metadataPrefix=arXivRaw&set=cs%3Acs%3ALG&from=2026-11-24"
        );
        assert_eq!(
            list_records("http://x/oai", "cs", "2026-11-24", "arXivRaw", Some("1|2")),
            "http://x/oai?verb=ListRecords&resumptionToken=1%7C2"
        );
    }
}
