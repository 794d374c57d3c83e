//! What a reader asks to see: filters, order and span of time, as they stand in the URL.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::{
    Category, Cursor, Edition, SearchQuery,
    edition::parse_date,
    text::{counted, fingerprint, grouped},
};

/// Papers on one page of a listing.
pub const PAGE_SIZE: usize = 25;
/// Papers on the first page of a list, with their abstracts: what a first visit waits for. The next ones follow while it
/// is read.
pub const FIRST_PAGE: usize = 5;
/// Papers of a narrowed listing are counted up to here; beyond it "more than" says enough, and counting on would cost
/// more than the page.
pub const COUNTED_TO: u64 = 10_000;
/// Most categories of one listing; each costs one index walk.
pub const MOST_CATEGORIES: usize = 16;

/// The order of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Heat, `SOURCES.md`.
    Trending,
    /// Newest first.
    New,
    /// Most upvotes first.
    Top,
    /// Most stars first.
    Stars,
    /// Best match first (bm25); only with words to match.
    Relevance,
}

/// The span of time: the half-life of heat when trending, else how far back papers were announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
    /// 365 days.
    Year,
    /// Everything.
    All,
}

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal, $label:literal;)+ }) => {
        impl $type {
            /// Every value, in the order of the filter bar.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// The word in the URL.
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// The word on the page.
            pub fn label(self) -> &'static str { match self { $(Self::$variant => $label),+ } }
        }
        impl FromStr for $type {
            type Err = String;
            /// The error lists the words that are known.
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|value| value.code() == text).ok_or_else(|| [$($word),+].join(", "))
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.code()) }
        }
    };
}

words!(Sort {
    Trending = "trending", "Trending";
    New = "new", "New";
    Top = "top", "Top";
    Stars = "stars", "Stars";
    Relevance = "relevance", "Relevance";
});

words!(Window {
    Day = "day", "Day";
    Week = "week", "Week";
    Month = "month", "Month";
    Year = "year", "Year";
    All = "all", "All";
});

impl Window {
    /// Days that this window looks back; `None` for everything.
    pub fn days(self) -> Option<i64> {
        match self {
            Self::Day => Some(1),
            Self::Week => Some(7),
            Self::Month => Some(30),
            Self::Year => Some(365),
            Self::All => None,
        }
    }

    /// The window whose half-life heat uses: there are three; the longest serves everything longer.
    pub fn of_heat(self) -> Self {
        match self {
            Self::Day | Self::Week => self,
            Self::Month | Self::Year | Self::All => Self::Month,
        }
    }

    /// Half-life of a gain under this window, in days.
    pub fn half_life_days(self) -> f64 {
        match self.of_heat() {
            Self::Day => 1.0,
            Self::Week => 3.0,
            _ => 14.0,
        }
    }
}

/// One question to the library of papers. Every state of the feed is one of these, and one URL.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listing {
    /// The search box.
    pub query: SearchQuery,
    /// The order, where the reader chose one.
    pub sort: Option<Sort>,
    /// The span, where the reader chose one.
    pub window: Option<Window>,
    /// A paper in any of these passes; empty passes all.
    pub categories: Vec<Category>,
    /// Only papers with a code repository.
    pub has_code: bool,
    /// Least upvotes; 0 passes all.
    pub min_upvotes: u32,
    /// Least stars; 0 passes all.
    pub min_stars: u32,
    /// First day announced that passes.
    pub from: Option<Date>,
    /// Last day announced that passes.
    pub to: Option<Date>,
    /// The day, week or month page it is asked on.
    pub edition: Option<Edition>,
}

/// A listing as read from a URL, with what had to be ignored.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParsedListing {
    /// What will be shown.
    pub listing: Listing,
    /// The raw `after` parameter; it is checked against the listing by [`Listing::cursor`].
    pub after: Option<String>,
    /// What was ignored and why, in words for the reader.
    pub notices: Vec<String>,
}

impl ParsedListing {
    /// Where to go on, if the address says so and it is of this listing; else the reason becomes a notice.
    pub fn take_cursor(&mut self) -> Option<Cursor> {
        match self.listing.cursor(&self.after.take()?) {
            Ok(cursor) => Some(cursor),
            Err(why) => {
                self.notices.push(why.to_owned());
                None
            }
        }
    }
}

impl Listing {
    /// Reads the query of a URL. Unknown parameters are passed over; a malformed value is ignored and named.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> ParsedListing {
        let mut asked = ParsedListing::default();
        let ParsedListing {
            listing,
            after,
            notices,
        } = &mut asked;
        for (name, value) in pairs {
            // A form sends its empty fields too; they mean nothing was asked.
            if value.trim().is_empty() {
                continue;
            }
            match name {
                "q" => listing.query = SearchQuery::parse(value),
                "sort" => set(&mut listing.sort, name, value, notices),
                "window" => set(&mut listing.window, name, value, notices),
                "category" => listing.read_categories(value, notices),
                "has" if value == "code" => listing.has_code = true,
                "has" => notices.push(format!(
                    "has={} was ignored: only has=code is known.",
                    short(value)
                )),
                "min_upvotes" => listing.min_upvotes = count(name, value, notices),
                "min_stars" => listing.min_stars = count(name, value, notices),
                "from" => listing.from = day(name, value, notices),
                "to" => listing.to = day(name, value, notices),
                "after" => *after = Some(value.to_owned()),
                _ => {}
            }
        }
        notices.append(&mut listing.query.ignored.clone());
        if listing.sort == Some(Sort::Relevance) && !listing.query.has_wanted_terms() {
            listing.sort = None;
            notices.push("sort=relevance was ignored: there are no words to match.".to_owned());
        }
        if let (Some(from), Some(to)) = (listing.first_day(), listing.last_day())
            && from > to
        {
            notices.push(format!(
                "No day is both after {from} and before {to}: nothing can match."
            ));
        }
        asked
    }

    fn read_categories(&mut self, value: &str, notices: &mut Vec<String>) {
        // The filter form sends several names in one field; a link repeats the parameter.
        for name in value.split([',', ' ', '+']).filter(|name| !name.is_empty()) {
            match name.parse::<Category>() {
                Ok(category) if self.categories.contains(&category) => {}
                Ok(category) if self.categories.len() < MOST_CATEGORIES => self.categories.push(category),
                Ok(category) => notices.push(format!(
                    "{category} was ignored: at most {MOST_CATEGORIES} categories at once."
                )),
                Err(error) => notices.push(format!("category was ignored: {error}.")),
            }
        }
    }

    /// The order that applies: the chosen one, else the best match of a search, votes in an edition, heat.
    pub fn order(&self) -> Sort {
        self.sort.unwrap_or(if self.query.has_wanted_terms() {
            Sort::Relevance
        } else if self.edition.is_some() {
            Sort::Top
        } else {
            Sort::Trending
        })
    }

    /// The window that applies: a week of heat, or everything.
    pub fn span(&self) -> Window {
        self.window.unwrap_or(if self.order() == Sort::Trending {
            Window::Week
        } else {
            Window::All
        })
    }

    /// Whether anything but order and window narrows the listing.
    pub fn is_filtered(&self) -> bool {
        !self.query.text.is_empty()
            || !self.categories.is_empty()
            || self.has_code
            || self.min_upvotes > 0
            || self.min_stars > 0
            || self.from.is_some()
            || self.to.is_some()
    }

    /// Whether a paper must have code, by the form or by the search.
    pub fn needs_code(&self) -> bool {
        self.has_code || self.query.has_code
    }

    /// Least upvotes, by the form and by the search.
    pub fn least_upvotes(&self) -> u32 {
        self.min_upvotes.max(self.query.min_upvotes.unwrap_or(0))
    }

    /// Least stars, by the form and by the search.
    pub fn least_stars(&self) -> u32 {
        self.min_stars.max(self.query.min_stars.unwrap_or(0))
    }

    /// First day that passes, by form, search and edition; the window comes on top of it.
    pub fn first_day(&self) -> Option<Date> {
        [self.from, self.query.from, self.edition.map(Edition::first_day)]
            .into_iter()
            .flatten()
            .max()
    }

    /// Last day that passes, by form, search and edition.
    pub fn last_day(&self) -> Option<Date> {
        [self.to, self.query.to, self.edition.map(Edition::last_day)]
            .into_iter()
            .flatten()
            .min()
    }

    /// The announcement times that pass as of `now`: Unix seconds, from the first to before the second.
    pub fn announced_between(&self, now: Timestamp) -> (Option<i64>, Option<i64>) {
        let start = |day: Date| {
            day.to_zoned_datetime(TimeZone::UTC)
                .map(|zoned| zoned.timestamp().as_second())
                .ok()
        };
        // The last day there is has no such moment; nothing is that late.
        let mut first = self.first_day().map(|day| start(day).unwrap_or(i64::MAX));
        if self.order() != Sort::Trending
            && let Some(days) = self.span().days()
        {
            let since = now.as_second() - days * 86_400;
            first = Some(first.map_or(since, |first| first.max(since)));
        }
        let end = self
            .last_day()
            .and_then(|day| day.checked_add(1.day()).ok())
            .and_then(start);
        (first, end)
    }

    /// The parameters that ask for this listing, in one canonical order: of its URL, and of the hidden fields of forms.
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

    /// The query that asks for this listing, in one canonical spelling; empty for the front page.
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

    /// Reads the `after` parameter. The error says in words why the listing begins anew.
    pub fn cursor(&self, after: &str) -> Result<Cursor, &'static str> {
        let cursor: Cursor = after
            .parse()
            .map_err(|_| "The address of this page was damaged; here is the first page.")?;
        if cursor.listing == self.fingerprint() {
            Ok(cursor)
        } else {
            Err("The address of this page belongs to another filter; here is the first page of this one.")
        }
    }

    /// What ties a cursor to this listing.
    pub fn fingerprint(&self) -> u64 {
        fingerprint(&self.url())
    }

    /// This listing with a change: `listing.with(|l| l.has_code = true)`.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }

    /// How many papers it has, in words. Everything is counted to the end, a narrowed listing up to [`COUNTED_TO`].
    pub fn count_words(&self, total: u64) -> String {
        let narrowed = self.is_filtered()
            || self.edition.is_some()
            || (self.order() != Sort::Trending && self.span() != Window::All);
        if total == 0 {
            "no papers".to_owned()
        } else if narrowed && total > COUNTED_TO {
            format!("more than {} papers", grouped(COUNTED_TO))
        } else {
            counted(total, "paper", "papers")
        }
    }

    /// The listing in words: `Trending this week in cs.LG with code`.
    pub fn label(&self) -> String {
        let mut words = match (self.order(), self.span()) {
            (Sort::Trending, Window::Day) => "Trending today".to_owned(),
            (Sort::Trending, Window::Week) => "Trending this week".to_owned(),
            (Sort::Trending, _) => "Trending this month".to_owned(),
            (sort, span) => {
                let order = match sort {
                    Sort::New => "Newest first",
                    Sort::Top => "Most upvoted first",
                    Sort::Stars => "Most starred first",
                    _ => "Best match first",
                };
                match span.days() {
                    None => order.to_owned(),
                    Some(1) => format!("{order}, last 24 hours"),
                    Some(days) => format!("{order}, last {days} days"),
                }
            }
        };
        let mut categories = self
            .categories
            .iter()
            .chain(&self.query.categories)
            .map(Category::as_str)
            .collect::<Vec<_>>();
        categories.dedup();
        if !categories.is_empty() {
            words.push_str(" in ");
            words.push_str(&categories.join(", "));
        }
        if self.needs_code() {
            words.push_str(" with code");
        }
        match (self.least_upvotes(), self.least_stars()) {
            (0, 0) => {}
            (upvotes, 0) => words.push_str(&format!(" with {upvotes} upvotes or more")),
            (0, stars) => words.push_str(&format!(" with {stars} stars or more")),
            (upvotes, stars) => words.push_str(&format!(" with {upvotes} upvotes and {stars} stars or more")),
        }
        let from = self.from.max(self.query.from);
        let to = [self.to, self.query.to].into_iter().flatten().min();
        if let Some(from) = from {
            words.push_str(&format!(" from {from}"));
        }
        if let Some(to) = to {
            words.push_str(&format!(" to {to}"));
        }
        if self.query.has_terms() {
            words.push_str(&format!(" for “{}”", self.query.text));
        }
        words
    }
}

/// Percent-encodes for the query of a URL (RFC 3986 unreserved characters stay; a space is `+`, as forms send).
pub fn push_encoded(into: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => into.push(byte as char),
            b' ' => into.push('+'),
            _ => into.push_str(&format!("%{byte:02X}")),
        }
    }
}

fn short(value: &str) -> String {
    let mut text: String = value.chars().filter(|c| !c.is_control()).take(40).collect();
    if value.chars().count() > 40 {
        text.push('…');
    }
    text
}

fn set<T: FromStr<Err = String>>(into: &mut Option<T>, name: &str, value: &str, notices: &mut Vec<String>) {
    match value.parse() {
        Ok(value) => *into = Some(value),
        Err(known) => notices.push(format!("{name}={} was ignored: it can be {known}.", short(value))),
    }
}

fn count(name: &str, value: &str, notices: &mut Vec<String>) -> u32 {
    value.trim().parse().unwrap_or_else(|_| {
        notices.push(format!(
            "{name}={} was ignored: it is a whole number.",
            short(value)
        ));
        0
    })
}

fn day(name: &str, value: &str, notices: &mut Vec<String>) -> Option<Date> {
    let day = parse_date(value.trim());
    if day.is_none() {
        notices.push(format!(
            "{name}={} was ignored: write a day as 2025-01-31.",
            short(value)
        ));
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(pairs: &[(&str, &str)]) -> ParsedListing {
        Listing::read(pairs.iter().copied())
    }

    #[test]
    fn the_front_page_trends_by_the_week() {
        let listing = read(&[]).listing;
        assert_eq!(
            (listing.order(), listing.span(), listing.url().as_str()),
            (Sort::Trending, Window::Week, "/")
        );
    }

    #[test]
    fn every_filter_reads_back_from_its_url() {
        let asked = read(&[
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
        assert_eq!(asked.notices, Vec::<String>::new());
        assert_eq!(
            asked.listing.url(),
            "/?q=strong+convergence&sort=new&window=year&category=cs.LG&category=math&has=code&min_upvotes=3&min_stars=10&from=2025-01-01&to=2025-12-31"
        );
    }

    #[test]
    fn a_malformed_value_is_ignored_and_named() {
        let asked = read(&[
            ("window", "banana"),
            ("from", "2025-13-45"),
            ("sort", "<b>"),
            ("min_stars", "-1"),
            ("has", "x"),
            ("category", "??"),
            ("utm", "x"),
            ("q", ""),
        ]);
        assert_eq!(asked.listing, Listing::default());
        assert_eq!(asked.notices.len(), 6, "{:?}", asked.notices);
        assert!(asked.notices[0].contains("window=banana") && asked.notices[0].contains("week"));
    }

    #[test]
    fn search_and_form_narrow_together() {
        let listing = read(&[
            ("q", "upvotes:>5 from:2025-02-01"),
            ("min_upvotes", "3"),
            ("from", "2025-01-01"),
        ])
        .listing;
        assert_eq!(listing.least_upvotes(), 6);
        assert_eq!(
            listing.first_day().map(|day| day.to_string()).as_deref(),
            Some("2025-02-01")
        );
    }

    #[test]
    fn relevance_needs_words() {
        assert_eq!(read(&[("q", "sgd")]).listing.order(), Sort::Relevance);
        assert_eq!(read(&[("q", "-sgd")]).listing.order(), Sort::Trending);
        assert_eq!(read(&[("q", "sgd"), ("sort", "new")]).listing.order(), Sort::New);
        assert_eq!(read(&[("sort", "relevance")]).listing.order(), Sort::Trending);
    }

    #[test]
    fn a_listing_speaks() {
        let words = |pairs: &[(&str, &str)]| read(pairs).listing.label();
        assert_eq!(
            words(&[("category", "cs.LG"), ("has", "code")]),
            "Trending this week in cs.LG with code"
        );
        assert_eq!(words(&[("q", "sgd")]), "Best match first for “sgd”");
        assert_eq!(
            words(&[("sort", "top"), ("window", "month")]),
            "Most upvoted first, last 30 days"
        );
    }

    #[test]
    fn a_narrowed_listing_is_counted_as_far_as_it_matters() {
        let words = |pairs: &[(&str, &str)], total| read(pairs).listing.count_words(total);
        assert_eq!(words(&[], 104_268), "104,268 papers");
        assert_eq!(words(&[("sort", "new")], 104_268), "104,268 papers");
        assert_eq!(words(&[("category", "cs")], 1_304), "1,304 papers");
        assert_eq!(
            words(&[("category", "cs")], COUNTED_TO + 1),
            "more than 10,000 papers"
        );
        assert_eq!(
            words(&[("sort", "new"), ("window", "year")], COUNTED_TO + 1),
            "more than 10,000 papers"
        );
        assert_eq!(words(&[("q", "sgd")], 0), "no papers");
    }

    #[test]
    fn a_window_counts_back_from_now_unless_it_is_heat() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().expect("time");
        let since = |pairs: &[(&str, &str)]| read(pairs).listing.announced_between(now);
        assert_eq!(since(&[("window", "week")]), (None, None));
        assert_eq!(
            since(&[("sort", "new"), ("window", "day")]),
            (Some(now.as_second() - 86_400), None)
        );
        assert_eq!(
            since(&[("sort", "new"), ("from", "1970-01-02"), ("to", "1970-01-02")]),
            (Some(86_400), Some(2 * 86_400))
        );
    }

    proptest! {
        #[test]
        fn any_query_gives_a_listing_whose_url_reads_back(pairs in proptest::collection::vec((prop_oneof!["q", "sort", "window", "category", "has", "min_stars", "from", "to", "[a-z]{1,6}"], any::<String>()), 0..8)) {
            let asked = Listing::read(pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())));
            let again = asked.listing.to_query();
            prop_assert!(again.is_ascii() && !again.contains(['<', '"', ' ', '\n']));
        }
    }
}
