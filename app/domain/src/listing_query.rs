//! The listing query: the filters and the order of a listing in one canonical spelling, without a cursor.

use std::fmt;

use crate::{Listing, text::one_line};

/// Longest listing query, in bytes. Browsers and email programs accept at least this much.
pub const MOST_QUERY_BYTES: usize = 2_000;
/// Longest name of a saved search, in characters. It is a heading in emails.
pub const MOST_NAME_CHARS: usize = 60;

/// A listing that can be saved and subscribed to. Two addresses of the same listing have the same query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListingQuery(Listing);

/// A listing and the name that its owner gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedListing {
    /// The listing.
    pub view: ListingQuery,
    /// As [`search_name`] returns it. Without a name, the label of the listing is shown.
    pub name: Option<String>,
}

/// Why a text is not a listing query, for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidListingQuery {
    /// The address of another page or site.
    #[error("“{0}” is not the address of a search on this site. Open the search and copy its address.")]
    Address(String),
    /// The page of an edition.
    #[error("“{0}” is a past edition, which does not change. Open the search itself and copy its address.")]
    Edition(String),
    /// A part of the query could not be read.
    #[error("{0}")]
    Query(String),
    /// It leads to one paper.
    #[error("This address leads to one paper, not to a search.")]
    Paper,
    /// Longer than [`MOST_QUERY_BYTES`].
    #[error("The address of this search is longer than {MOST_QUERY_BYTES} bytes.")]
    TooLong,
}

impl ListingQuery {
    /// The front page.
    pub fn front() -> Self {
        Self::default()
    }

    /// The query of a listing, without its edition.
    pub fn of(listing: &Listing) -> Self {
        Self(listing.with(|listing| listing.edition = None))
    }

    /// Reads a stored query. Parts that this version does not know are ignored, so a saved search never breaks.
    pub fn stored(query: &str) -> Self {
        Self(read(query.strip_prefix('?').unwrap_or(query)).0)
    }

    /// Reads what a person pasted: the address of a listing on any host (this Broadsheet may have several names), its
    /// path and query, or the query alone. An empty text is the front page.
    pub fn parse(text: &str) -> Result<Self, InvalidListingQuery> {
        let text = text.trim();
        if text.len() > MOST_QUERY_BYTES + 300 {
            return Err(InvalidListingQuery::TooLong);
        }
        let short = || one_line(text).chars().take(80).collect::<String>();
        let rest = match text.split_once("://") {
            Some(("http" | "https", rest)) => rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]),
            // A search can contain `://` too, as in `q=a://b`.
            _ => text,
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, query),
            None if rest.starts_with('/') => (rest, ""),
            None => ("", rest),
        };
        match path {
            "" | "/" => {}
            _ if ["/date/", "/week/", "/month/"]
                .iter()
                .any(|kind| path.starts_with(kind)) =>
            {
                return Err(InvalidListingQuery::Edition(short()));
            }
            // The address of a feed stands for the listing that it contains.
            "/feed.atom" | "/feed.rss" | "/feed.json" => {}
            _ => return Err(InvalidListingQuery::Address(short())),
        }
        if path.is_empty() && !query.is_empty() && !query.contains('=') {
            return Err(InvalidListingQuery::Address(short()));
        }
        let (listing, notices) = read(query);
        if let Some(notice) = notices.into_iter().next() {
            return Err(InvalidListingQuery::Query(notice));
        }
        if listing.query.paper.is_some() {
            return Err(InvalidListingQuery::Paper);
        }
        let view = Self(listing);
        if view.query().len() > MOST_QUERY_BYTES {
            return Err(InvalidListingQuery::TooLong);
        }
        Ok(view)
    }

    /// The query in its canonical spelling, beginning with `?`; empty for the front page.
    pub fn query(&self) -> String {
        self.0.to_query()
    }

    /// Path and query of its page.
    pub fn path(&self) -> String {
        self.0.url()
    }

    /// Path of the issue of a day. `slug` is the name of its issues in URLs.
    pub fn issue_path(&self, slug: &str, day: impl fmt::Display) -> String {
        if self.is_front() {
            format!("/issues/{day}")
        } else {
            format!("/issues/{day}/{slug}")
        }
    }

    /// Its listing.
    pub fn listing(&self) -> &Listing {
        &self.0
    }

    /// Whether it is the front page.
    pub fn is_front(&self) -> bool {
        self.query().is_empty()
    }

    /// Its label without anything that a person typed, for an email to an address whose owner may not have asked for it.
    pub fn label_without_search(&self) -> String {
        self.0.label_without_search()
    }

    /// Its label: `Trending this week in cs.LG`.
    pub fn label(&self) -> String {
        self.0.label()
    }
}

impl fmt::Display for ListingQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.query())
    }
}

/// The listing of a query, and notices about the parts that could not be read.
fn read(query: &str) -> (Listing, Vec<String>) {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let asked = Listing::read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    (asked.listing, asked.notices)
}

/// The name of a saved search as it is stored: one line, at most [`MOST_NAME_CHARS`] characters. `None` if it is empty.
pub fn search_name(text: &str) -> Option<String> {
    let line: String = one_line(text)
        .chars()
        .filter(|c| !c.is_control())
        .take(MOST_NAME_CHARS)
        .collect();
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_address_gives_the_same_query() {
        let spelled = "?q=diffusion+models&sort=new&category=cs.LG";
        for text in [
            spelled,
            "category=cs.LG&sort=new&q=diffusion%20models",
            "/?sort=new&q=diffusion+models&category=cs.LG&after=abc",
            "https://papers.example.org/?q=diffusion+models&category=cs.LG&sort=new#paper-1",
            "http://localhost:3000/feed.atom?q=diffusion+models&category=cs.LG&sort=new",
        ] {
            assert_eq!(ListingQuery::parse(text).expect(text).query(), spelled, "{text}");
        }
        for front in [
            "",
            "/",
            "https://papers.example.org",
            "https://papers.example.org/",
        ] {
            assert!(ListingQuery::parse(front).expect(front).is_front(), "{front}");
        }
        assert_eq!(
            ListingQuery::stored(spelled),
            ListingQuery::parse(spelled).expect("a listing query")
        );
    }

    #[test]
    fn anything_but_a_listing_is_refused_with_the_reason() {
        for (text, word) in [
            (
                "https://papers.example.org/papers/2511.00001",
                "not the address of a search",
            ),
            ("/date/2026-11-24", "past edition"),
            ("cats", "not the address of a search"),
            ("?sort=banana", "banana"),
            ("?q=2511.00001", "one paper"),
            ("/bookmarks", "not the address of a search"),
        ] {
            let error = ListingQuery::parse(text).expect_err(text).to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
        assert_eq!(
            ListingQuery::parse(&format!("?q={}", "a".repeat(3_000))),
            Err(InvalidListingQuery::TooLong)
        );
    }

    #[test]
    fn the_label_for_strangers_contains_nothing_that_was_typed() {
        let plain = |query| ListingQuery::parse(query).expect(query).label_without_search();
        assert_eq!(
            plain("?q=verify+at+https://evil.example&category=cs.LG"),
            "Results for a search in cs.LG"
        );
        assert_eq!(plain("?sort=new&category=cs.LG"), "Newest first in cs.LG");
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(
            search_name("  My\r\nBcc: x\t papers "),
            Some("My Bcc: x papers".to_owned())
        );
        assert_eq!(search_name(" \r\n "), None);
        assert_eq!(
            search_name(&"é".repeat(100)).map(|name| name.chars().count()),
            Some(60)
        );
    }
}
