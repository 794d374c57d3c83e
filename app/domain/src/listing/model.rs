//! What a listing asks for, and what follows from it.

use jiff::{Timestamp, ToSpan, civil::Date};

use super::order::{Sort, Window};
use crate::{Category, Edition, SearchQuery, edition::day_start};

/// Papers chosen by a filter and put in an order. Every list of papers is one of these, and has one URL.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listing {
    /// The search box.
    pub query: SearchQuery,
    /// The order, if the reader chose one.
    pub sort: Option<Sort>,
    /// The span of time, if the reader chose one.
    pub window: Option<Window>,
    /// A paper passes if it is in any of these; with none, every paper passes.
    pub categories: Vec<Category>,
    /// Only papers with a code repository.
    pub has_code: bool,
    /// Minimum of upvotes; with 0, every paper passes.
    pub min_upvotes: u32,
    /// Minimum of stars; with 0, every paper passes.
    pub min_stars: u32,
    /// First day of announcement that passes.
    pub from: Option<Date>,
    /// Last day of announcement that passes.
    pub to: Option<Date>,
    /// The edition whose page shows the listing, if any.
    pub edition: Option<Edition>,
}

impl Listing {
    /// The order that applies: the chosen one, else relevance for a search, else upvotes in an edition, else heat.
    pub fn order(&self) -> Sort {
        self.sort.unwrap_or(if self.query.has_wanted_terms() {
            Sort::Relevance
        } else if self.edition.is_some() {
            Sort::Top
        } else {
            Sort::Trending
        })
    }

    /// The window that applies: the chosen one, else a week for heat, else everything.
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

    /// Minimum of upvotes, by the form and by the search.
    pub fn least_upvotes(&self) -> u32 {
        self.min_upvotes.max(self.query.min_upvotes.unwrap_or(0))
    }

    /// Minimum of stars, by the form and by the search.
    pub fn least_stars(&self) -> u32 {
        self.min_stars.max(self.query.min_stars.unwrap_or(0))
    }

    /// First day that passes, by form, search and edition, without the window.
    pub fn first_day(&self) -> Option<Date> {
        self.chosen_from().max(self.edition.map(Edition::first_day))
    }

    /// Last day that passes, by form, search and edition.
    pub fn last_day(&self) -> Option<Date> {
        [self.chosen_to(), self.edition.map(Edition::last_day)]
            .into_iter()
            .flatten()
            .min()
    }

    /// First day that passes, by form and search.
    pub(super) fn chosen_from(&self) -> Option<Date> {
        self.from.max(self.query.from)
    }

    /// Last day that passes, by form and search.
    pub(super) fn chosen_to(&self) -> Option<Date> {
        [self.to, self.query.to].into_iter().flatten().min()
    }

    /// The times of announcement that pass as of `now`, in Unix seconds: from the first, up to but without the second.
    pub fn announced_between(&self, now: Timestamp) -> (Option<i64>, Option<i64>) {
        // The last days of the calendar have no moment; no paper is that late.
        let mut first = self.first_day().map(|day| day_start(day).unwrap_or(i64::MAX));
        if self.order() != Sort::Trending
            && let Some(days) = self.span().days()
        {
            let since = now.as_second() - days * 86_400;
            first = Some(first.map_or(since, |first| first.max(since)));
        }
        let end = self
            .last_day()
            .and_then(|day| day.checked_add(1.day()).ok())
            .and_then(day_start);
        (first, end)
    }

    /// This listing with a change: `listing.with(|l| l.has_code = true)`.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(query: &str) -> Listing {
        Listing {
            query: SearchQuery::parse(query),
            ..Listing::default()
        }
    }

    #[test]
    fn the_front_page_shows_what_trends_this_week() {
        let front = Listing::default();
        assert_eq!((front.order(), front.span()), (Sort::Trending, Window::Week));
    }

    #[test]
    fn search_and_form_narrow_together() {
        let listing = Listing {
            min_upvotes: 3,
            from: "2025-01-01".parse().ok(),
            ..listing("upvotes:>5 from:2025-02-01")
        };
        assert_eq!(listing.least_upvotes(), 6);
        assert_eq!(
            listing.first_day().map(|day| day.to_string()).as_deref(),
            Some("2025-02-01")
        );
    }

    #[test]
    fn relevance_needs_words_that_must_occur() {
        assert_eq!(listing("sgd").order(), Sort::Relevance);
        assert_eq!(listing("-sgd").order(), Sort::Trending);
        let newest = listing("sgd").with(|listing| listing.sort = Some(Sort::New));
        assert_eq!(newest.order(), Sort::New);
    }

    #[test]
    fn a_window_counts_back_from_now_unless_the_order_is_heat() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().expect("time");
        let weekly = Listing::default().with(|listing| listing.window = Some(Window::Week));
        assert_eq!(weekly.announced_between(now), (None, None));
        let newest = Listing::default().with(|listing| listing.sort = Some(Sort::New));
        let daily = newest.with(|listing| listing.window = Some(Window::Day));
        assert_eq!(
            daily.announced_between(now),
            (Some(now.as_second() - 86_400), None)
        );
        let one_day = newest.with(|listing| {
            listing.from = "1970-01-02".parse().ok();
            listing.to = listing.from;
        });
        assert_eq!(one_day.announced_between(now), (Some(86_400), Some(2 * 86_400)));
    }
}
