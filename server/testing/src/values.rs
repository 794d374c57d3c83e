//! Short ways to write values.

use domain::{Listing, PaperKey};
use jiff::Timestamp;

/// The time of these tests: noon.
pub fn now() -> Timestamp {
    at("2026-11-24T12:00:00Z")
}

/// A moment, as in RFC 3339.
pub fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

/// The key of a paper.
pub fn key(name: &str) -> PaperKey {
    name.parse().expect(name)
}

/// The listing of a query. Every parameter must be valid.
pub fn listing(query: &[(&str, &str)]) -> Listing {
    let asked = Listing::read(query.iter().copied());
    assert_eq!(asked.notices, Vec::<String>::new());
    asked.listing
}
