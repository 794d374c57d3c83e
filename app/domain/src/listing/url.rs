//! Writes a listing as a URL, and ties cursors to it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::model::Listing;
use crate::{Cursor, Edition, text::fingerprint};

/// All but the unreserved characters of RFC 3986. The set of `form_urlencoded` treats `*` and `~` differently; with it,
/// the queries of saved searches would be spelled in a new way and no longer be found in the database.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Listing {
    /// The parameters of this listing in one canonical order, for its URL and for the hidden fields of forms.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.query.text.is_empty() {
            pairs.push(("q", self.query.text.clone()));
        }
        pairs.extend(self.sort.map(|sort| ("sort", sort.to_string())));
        pairs.extend(self.window.map(|window| ("window", window.to_string())));
        pairs.extend(
            self.categories
                .iter()
                .map(|category| ("category", category.to_string())),
        );
        if self.has_code {
            pairs.push(("has", "code".to_owned()));
        }
        for (name, least) in [("min_upvotes", self.min_upvotes), ("min_stars", self.min_stars)] {
            if least > 0 {
                pairs.push((name, least.to_string()));
            }
        }
        pairs.extend(self.from.map(|day| ("from", day.to_string())));
        pairs.extend(self.to.map(|day| ("to", day.to_string())));
        pairs
    }

    /// The canonical query of this listing, beginning with `?`; empty for the front page.
    pub fn to_query(&self) -> String {
        let mut query = String::new();
        for (name, value) in self.pairs() {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            push_encoded(&mut query, &value);
        }
        query
    }

    /// The path and query of its page.
    pub fn url(&self) -> String {
        format!(
            "{}{}",
            self.edition.map_or_else(|| "/".to_owned(), Edition::path),
            self.to_query()
        )
    }

    /// The URL of the page after `cursor`.
    pub fn url_after(&self, cursor: &Cursor) -> String {
        let url = self.url();
        format!("{url}{}after={cursor}", if url.contains('?') { '&' } else { '?' })
    }

    /// Reads the `after` parameter. The error tells the reader why the first page is shown.
    pub fn cursor(&self, after: &str) -> Result<Cursor, &'static str> {
        let cursor: Cursor = after
            .parse()
            .map_err(|_| "The address of this page isn’t valid. You see the first page instead.")?;
        if cursor.listing == self.fingerprint() {
            Ok(cursor)
        } else {
            Err(
                "The address of this page belongs to another list. You see the first page of this list instead.",
            )
        }
    }

    /// A number that ties a cursor to this listing.
    pub fn fingerprint(&self) -> u64 {
        fingerprint(&self.url())
    }
}

/// Appends a value to the query of a URL, percent-encoded; a space becomes `+`, as forms send it.
pub fn push_encoded(into: &mut String, value: &str) {
    for part in utf8_percent_encode(value, QUERY) {
        into.push_str(if part == "%20" { "+" } else { part });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_value_is_encoded_as_forms_send_it() {
        let mut url = "?q=".to_owned();
        push_encoded(&mut url, "a b+c&d=é*~._-");
        assert_eq!(url, "?q=a+b%2Bc%26d%3D%C3%A9%2A~._-");
    }
}
