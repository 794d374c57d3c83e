//! Reads a listing from the query of a URL.

use std::str::FromStr;

use jiff::civil::Date;

use super::{limits::MOST_CATEGORIES, model::Listing, order::Sort};
use crate::{Category, Cursor, SearchQuery, UnknownCode, edition::parse_date};

/// A listing as read from a URL, with what had to be ignored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParsedListing {
    /// What will be shown.
    pub listing: Listing,
    /// The raw `after` parameter; it is checked against the listing by [`Listing::cursor`].
    pub after: Option<String>,
    /// For the reader: what was ignored, and why.
    pub notices: Vec<String>,
}

impl ParsedListing {
    /// Takes the cursor out of the URL. If it is damaged or belongs to another listing, the reason becomes a notice.
    pub fn take_cursor(&mut self) -> Option<Cursor> {
        match self.listing.cursor(&self.after.take()?) {
            Ok(cursor) => Some(cursor),
            Err(reason) => {
                self.notices.push(reason.to_owned());
                None
            }
        }
    }

    fn set<T: FromStr<Err = UnknownCode>>(&mut self, name: &str, value: &str) -> Option<T> {
        value
            .parse()
            .map_err(|UnknownCode { known, .. }| {
                self.ignore(name, value, &format!("it must be one of {known}"));
            })
            .ok()
    }

    fn count(&mut self, name: &str, value: &str) -> u32 {
        value.trim().parse().unwrap_or_else(|_| {
            self.ignore(name, value, "it must be a whole number");
            0
        })
    }

    fn day(&mut self, name: &str, value: &str) -> Option<Date> {
        let day = parse_date(value.trim());
        if day.is_none() {
            self.ignore(name, value, "write a day as 2025-01-31");
        }
        day
    }

    fn categories(&mut self, value: &str) {
        // The filter form sends several names in one field; a link repeats the parameter.
        for name in value.split([',', ' ', '+']).filter(|name| !name.is_empty()) {
            let categories = &mut self.listing.categories;
            match name.parse::<Category>() {
                Ok(category) if categories.contains(&category) => {}
                Ok(category) if categories.len() < MOST_CATEGORIES => categories.push(category),
                Ok(category) => self.notices.push(format!(
                    "{category} was ignored: a listing can have at most {MOST_CATEGORIES} categories."
                )),
                Err(error) => self.notices.push(format!("category was ignored: {error}.")),
            }
        }
    }

    fn ignore(&mut self, name: &str, value: &str, reason: &str) {
        self.notices
            .push(format!("{name}={} was ignored: {reason}.", short(value)));
    }

    fn parameter(&mut self, name: &str, value: &str) {
        match name {
            "q" => self.listing.query = SearchQuery::parse(value),
            "sort" => self.listing.sort = self.set(name, value).or(self.listing.sort),
            "window" => self.listing.window = self.set(name, value).or(self.listing.window),
            "category" => self.categories(value),
            "has" if value == "code" => self.listing.has_code = true,
            "has" => self.ignore(name, value, "only has=code is supported"),
            "min_upvotes" => self.listing.min_upvotes = self.count(name, value),
            "min_stars" => self.listing.min_stars = self.count(name, value),
            "from" => self.listing.from = self.day(name, value),
            "to" => self.listing.to = self.day(name, value),
            "after" => self.after = Some(value.to_owned()),
            _ => {}
        }
    }
}

impl Listing {
    /// Reads the query of a URL. Unknown parameters are skipped. A malformed value is ignored, and a notice names it.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> ParsedListing {
        let mut parsed = ParsedListing::default();
        for (name, value) in pairs {
            // A form also sends its empty fields.
            if !value.trim().is_empty() {
                parsed.parameter(name, value);
            }
        }
        let ParsedListing { listing, notices, .. } = &mut parsed;
        notices.extend(listing.query.ignored.iter().cloned());
        if listing.sort == Some(Sort::Relevance) && !listing.query.has_wanted_terms() {
            listing.sort = None;
            notices.push("sort=relevance was ignored: it needs search words.".to_owned());
        }
        if let (Some(from), Some(to)) = (listing.first_day(), listing.last_day())
            && from > to
        {
            notices.push(format!(
                "The start date {from} is after the end date {to}: nothing can match."
            ));
        }
        parsed
    }
}

fn short(value: &str) -> String {
    let mut text: String = value.chars().filter(|c| !c.is_control()).take(40).collect();
    if value.chars().count() > 40 {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pairs: &[(&str, &str)]) -> ParsedListing {
        Listing::read(pairs.iter().copied())
    }

    fn read_query(query: &str) -> ParsedListing {
        let pairs: Vec<_> = form_urlencoded::parse(query.trim_start_matches('?').as_bytes()).collect();
        Listing::read(pairs.iter().map(|(name, value)| (&**name, &**value)))
    }

    #[test]
    fn every_filter_reads_back_from_its_url() {
        let parsed = read(&[
            ("q", "strong convergence"),
            ("sort", "new"),
            ("window", "year"),
            ("category", "cs.lg"),
            ("category", "math"),
            ("has", "code"),
            ("min_upvotes", "3"),
            ("min_stars", "10"),
            ("from", "2025-01-01"),
            ("to", "2025-12-31"),
        ]);
        assert_eq!(parsed.notices, Vec::<String>::new());
        assert_eq!(
            parsed.listing.url(),
            "/?q=strong+convergence&sort=new&window=year&category=cs.LG&category=math&has=code&min_upvotes=3&min_stars=10&from=2025-01-01&to=2025-12-31"
        );
        assert_eq!(read_query(&parsed.listing.to_query()), parsed);
        assert_eq!(read(&[]).listing.url(), "/");
    }

    #[test]
    fn a_malformed_value_is_ignored_and_named() {
        let parsed = read(&[
            ("window", "banana"),
            ("from", "2025-13-45"),
            ("sort", "<b>"),
            ("min_stars", "-1"),
            ("has", "x"),
            ("category", "??"),
            ("utm", "x"),
            ("q", ""),
        ]);
        assert_eq!(parsed.listing, Listing::default());
        assert_eq!(parsed.notices.len(), 6, "{:?}", parsed.notices);
        assert!(parsed.notices[0].contains("window=banana") && parsed.notices[0].contains("week"));
    }

    #[test]
    fn relevance_without_words_is_ignored() {
        assert_eq!(read(&[("sort", "relevance")]).listing.order(), Sort::Trending);
    }

    /// Parameters that are often valid, and sometimes anything at all.
    fn parameter() -> impl Strategy<Value = (String, String)> {
        let valid = prop_oneof![
            (
                "q",
                "[a-z~* ]{0,12}|au:[A-Z]{3}|-?cat:cs\\.LG|stars:>[0-9]{1,3}|\"[a-z &=+%]{1,9}\""
            ),
            ("sort", "trending|new|top|stars|relevance"),
            ("window", "day|week|month|year|all"),
            ("category", "cs|math|cs\\.[A-Z]{2}|stat\\.ML"),
            ("has", "code"),
            ("min_upvotes|min_stars", "[0-9]{1,4}"),
            ("from|to", "20[0-9]{2}-0[1-9]-1[0-9]"),
        ];
        let any = (
            "q|sort|window|category|has|min_stars|from|to|[a-z]{1,6}",
            any::<String>(),
        );
        prop_oneof![3 => valid, 1 => any]
    }

    proptest! {
        #[test]
        fn any_query_gives_a_listing_whose_url_reads_back(pairs in proptest::collection::vec(parameter(), 0..10)) {
            let parsed = Listing::read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let query = parsed.listing.to_query();
            prop_assert!(query.is_ascii() && !query.contains(['<', '"', ' ', '\n']));
            let again = read_query(&query);
            // A search that was too long is cut in the URL, so the notice about it does not come again.
            let without_notices = |listing: &Listing| listing.with(|listing| listing.query.ignored.clear());
            prop_assert_eq!(without_notices(&again.listing), without_notices(&parsed.listing));
            prop_assert_eq!(&again.listing.query.paper, &parsed.listing.query.paper);
            prop_assert_eq!(again.listing.to_query(), query);
            // Parameters that were ignored are not in the URL.
            let kept = |notice: &&String| parsed.listing.query.ignored.contains(*notice) || notice.contains("nothing can match");
            prop_assert!(again.notices.iter().all(|notice| kept(&notice)), "{:?}", again.notices);
        }
    }
}
