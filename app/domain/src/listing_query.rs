//! A list that somebody has by mail or keeps: filters and order without a place in it.

use std::fmt;

use crate::{Listing, SearchQuery, text::one_line};

/// Longest query of a view, in bytes: what browsers and mail programs carry.
pub const MOST_QUERY_BYTES: usize = 2_000;
/// Longest name of a view, in characters: a heading in a mail.
pub const MOST_NAME_CHARS: usize = 60;

/// A list as it can be subscribed to. Two addresses of the same list are the same view.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListingQuery(Listing);

/// A view and what somebody calls it.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedListing {
    /// The list.
    pub view: ListingQuery,
    /// As [`view_name`] makes it; `None`: the list in words.
    pub name: Option<String>,
}

/// Why a text is no view, in words for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidListingQuery {
    /// The address of something else.
    #[error("“{0}” is not the address of a list here. Open the list you want and copy its address.")]
    Address(String),
    /// The page of a day, week or month.
    #[error("“{0}” is a past edition: nothing new comes in it. Open the list itself and copy its address.")]
    Edition(String),
    /// Something in the query could not be read.
    #[error("{0}")]
    Query(String),
    /// It searches for one paper.
    #[error("This asks for one paper, not for a list.")]
    Paper,
    /// Too much of it.
    #[error("This list's address is longer than {MOST_QUERY_BYTES} bytes.")]
    TooLong,
}

impl ListingQuery {
    /// The front page.
    pub fn front() -> Self {
        Self::default()
    }

    /// The view of a listing; its edition is left out.
    pub fn of(listing: &Listing) -> Self {
        Self(listing.with(|listing| listing.edition = None))
    }

    /// Reads what [`ListingQuery::query`] wrote. What is no longer understood is passed over: a stored view never breaks.
    pub fn stored(query: &str) -> Self {
        Self(read(query.strip_prefix('?').unwrap_or(query)).0)
    }

    /// Reads what a person pasted: the address of a list, on whatever host they know this Broadsheet by, its path and
    /// query, or the query alone. Empty is the front page.
    pub fn parse(text: &str) -> Result<Self, InvalidListingQuery> {
        let text = text.trim();
        if text.len() > MOST_QUERY_BYTES + 300 {
            return Err(InvalidListingQuery::TooLong);
        }
        let short = || one_line(text).chars().take(80).collect::<String>();
        let rest = match text.split_once("://") {
            Some(("http" | "https", rest)) => rest.find(['/', '?', '#']).map_or("", |at| &rest[at..]),
            // A search such as `q=a://b` is none.
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
            // A feed's address is that of its list.
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

    /// The one spelling of its query; empty for the front page.
    pub fn query(&self) -> String {
        self.0.to_query()
    }

    /// Path and query of its page.
    pub fn path(&self) -> String {
        self.0.url()
    }

    /// The path of its issue of a day. `slug` names its issues on the web; the front page needs none.
    pub fn issue_path(&self, slug: &str, day: impl fmt::Display) -> String {
        if self.is_front() {
            format!("/issues/{day}")
        } else {
            format!("/issues/{day}/{slug}")
        }
    }

    /// What it asks for.
    pub fn listing(&self) -> &Listing {
        &self.0
    }

    /// Whether it is the front page.
    pub fn is_front(&self) -> bool {
        self.query().is_empty()
    }

    /// In words without anything that somebody typed: for a letter to an address whose owner may not have asked for it.
    pub fn label_without_search(&self) -> String {
        if self.0.query.text.is_empty() {
            return self.label();
        }
        let order = self.0.order();
        let listed = self.0.with(|listing| {
            listing.query = SearchQuery::default();
            listing.sort = Some(order);
        });
        format!("{} for a search", listed.label())
    }

    /// In words: `Trending this week in cs.LG`.
    pub fn label(&self) -> String {
        self.0.label()
    }
}

impl fmt::Display for ListingQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.query())
    }
}

/// The listing of a query, and what of it could not be read.
fn read(query: &str) -> (Listing, Vec<String>) {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let asked = Listing::read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    (asked.listing, asked.notices)
}

/// A name somebody gives to a view: one line, at most [`MOST_NAME_CHARS`] characters. `None` when nothing is left of it.
pub fn view_name(text: &str) -> Option<String> {
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
    fn every_spelling_of_an_address_is_the_same_view() {
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
            ListingQuery::parse(spelled).expect("a view")
        );
    }

    #[test]
    fn what_is_no_list_is_refused_by_name() {
        for (text, word) in [
            (
                "https://papers.example.org/papers/2511.00001",
                "not the address of a list",
            ),
            ("/date/2026-11-24", "past edition"),
            ("cats", "not the address of a list"),
            ("?sort=banana", "banana"),
            ("?q=2511.00001", "one paper"),
            ("/bookmarks", "not the address of a list"),
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
    fn plain_words_hold_nothing_that_was_typed() {
        let plain = |query| ListingQuery::parse(query).expect(query).label_without_search();
        assert_eq!(
            plain("?q=verify+at+https://evil.example&category=cs.LG"),
            "Best match first in cs.LG for a search"
        );
        assert_eq!(plain("?sort=new&category=cs.LG"), "Newest first in cs.LG");
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(
            view_name("  My\r\nBcc: x\t papers "),
            Some("My Bcc: x papers".to_owned())
        );
        assert_eq!(view_name(" \r\n "), None);
        assert_eq!(
            view_name(&"é".repeat(100)).map(|name| name.chars().count()),
            Some(60)
        );
    }
}
