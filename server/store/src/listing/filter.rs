//! The filter of a listing: which papers are in it.

use domain::{Category, Listing, paper::Signal};
use jiff::Timestamp;

use super::{
    as_of::EarlierState,
    full_text::{Match, fts_match},
    query::Query,
    signal::column,
};
use crate::rankings::Ranked;

/// The filter of a listing, with its time window resolved to moments.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// The paper is in one of these scopes; `[""]` is everything.
    pub(super) scopes: Vec<String>,
    /// It is also in each of these.
    pub(super) also: Vec<String>,
    /// It is in none of these.
    pub(super) excluded: Vec<String>,
    pub(super) code: bool,
    pub(super) min_upvotes: i64,
    pub(super) min_stars: i64,
    pub(super) from: Option<i64>,
    pub(super) before: Option<i64>,
    pub(super) words: Match,
}

/// Whether a paper with these categories is in this category or archive.
fn is_in(categories: &str, scope: &str) -> bool {
    scope.is_empty()
        || categories
            .split(' ')
            .any(|category| category == scope || category.split('.').next() == Some(scope))
}

/// The order of a walk along an index of `listings`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    /// Newest first; with a signal, only papers without it.
    Newest(Option<Signal>),
    /// Largest total first, only papers that have the signal.
    Largest(Signal),
}

impl Walk {
    /// The key of a paper on this walk; `None` when it was not on it.
    pub(super) fn key(self, state: &EarlierState) -> Option<f64> {
        match self {
            Self::Newest(None) => Some(0.0),
            Self::Newest(Some(zero)) => (state.total(zero) == 0).then_some(0.0),
            Self::Largest(signal) => Some(state.total(signal))
                .filter(|total| *total > 0)
                .map(|total| total as f64),
        }
    }
}

impl Filter {
    /// The filter of a listing as of `now`.
    pub fn of(listing: &Listing, now: Timestamp) -> Self {
        let names = |categories: &[Category]| {
            categories
                .iter()
                .map(|category| category.as_str().to_owned())
                .collect::<Vec<_>>()
        };
        let mut scopes = names(&listing.categories);
        let mut also = names(&listing.query.categories);
        if scopes.is_empty() && !also.is_empty() {
            scopes.push(also.remove(0));
        }
        if scopes.is_empty() {
            scopes.push(String::new());
        }
        let (from, before) = listing.announced_between(now);
        Self {
            scopes,
            also,
            excluded: names(&listing.query.excluded_categories),
            code: listing.needs_code(),
            min_upvotes: listing.least_upvotes().into(),
            min_stars: listing.least_stars().into(),
            from,
            before,
            words: fts_match(&listing.query),
        }
    }

    /// Whether every paper passes, apart from the words of a search.
    pub(super) fn is_everything(&self) -> bool {
        self.scopes == [""]
            && self.also.is_empty()
            && self.excluded.is_empty()
            && !self.code
            && self.min_upvotes == 0
            && self.min_stars == 0
            && self.from.is_none()
            && self.before.is_none()
    }

    /// The least total of a signal; 0 for any.
    pub(super) fn least(&self, signal: Signal) -> i64 {
        match signal {
            Signal::Upvotes => self.min_upvotes,
            Signal::Stars => self.min_stars,
        }
    }

    /// Whether a paper of a ranking passes, apart from the words of a search.
    pub(super) fn passes(&self, ranked: &Ranked) -> bool {
        self.admits(
            &ranked.categories,
            ranked.has_code,
            [ranked.upvotes, ranked.stars, ranked.announced],
        )
    }

    /// Whether a paper in an earlier state passed, apart from the words of a search.
    pub(super) fn passed(&self, state: &EarlierState) -> bool {
        self.admits(
            &state.categories,
            state.has_code,
            [state.upvotes, state.stars, state.announced],
        )
    }

    fn admits(&self, categories: &str, has_code: bool, [upvotes, stars, announced]: [i64; 3]) -> bool {
        let is_in = |scope: &String| is_in(categories, scope);
        self.scopes.iter().any(is_in)
            && self.also.iter().all(is_in)
            && !self.excluded.iter().any(is_in)
            && (!self.code || has_code)
            && upvotes >= self.min_upvotes
            && stars >= self.min_stars
            && self.from.is_none_or(|from| announced >= from)
            && self.before.is_none_or(|before| announced < before)
    }

    /// Adds `from listings l …` with every condition of this filter, for one scope, along the index of the walk.
    pub(super) fn walk(&self, query: &mut Query, walk: Walk, scope: &str) {
        let (index, condition) = self.index(walk);
        query
            .push("from listings l ")
            .push(index)
            .push(" where ")
            .push(condition)
            .text(" and l.scope = ?", scope);
        if let Walk::Newest(Some(zero)) = walk {
            query.push(&format!(" and l.{} = 0", column(zero)));
        }
        if self.code {
            query.push(" and l.has_code = 1");
        }
        self.conditions(query, "l.upvotes", "l.stars", "l.announced", "l.paper_id");
        self.word_conditions(query, "l.paper_id");
    }

    /// The index of a walk, and the condition without which SQLite does not use a partial index.
    fn index(&self, walk: Walk) -> (&'static str, &'static str) {
        match walk {
            Walk::Largest(Signal::Upvotes) => ("indexed by listings_by_upvotes", "l.upvotes > 0"),
            Walk::Largest(Signal::Stars) => ("indexed by listings_by_stars", "l.stars > 0"),
            Walk::Newest(_) if self.code => ("indexed by listings_with_code", "l.has_code = 1"),
            Walk::Newest(zero) if self.min_stars > 0 && zero != Some(Signal::Stars) => {
                ("indexed by listings_with_stars", "l.stars > 0")
            }
            Walk::Newest(zero) if self.min_upvotes > 0 && zero != Some(Signal::Upvotes) => {
                ("indexed by listings_with_upvotes", "l.upvotes > 0")
            }
            // The primary key of a table without rowid.
            Walk::Newest(_) => ("not indexed", "true"),
        }
    }

    /// Adds the words of a search, checked for one row at a time.
    pub(super) fn word_conditions(&self, query: &mut Query, id: &str) {
        for (words, member) in [(&self.words.wanted, "in"), (&self.words.unwanted, "not in")] {
            if let Some(words) = words {
                let sql =
                    format!(" and {id} {member} (select rowid from papers_fts where papers_fts match ?)");
                query.text(&sql, words);
            }
        }
        self.words.name_conditions(query, id);
    }

    /// Adds the conditions that both tables, `listings` and `papers`, can check.
    pub(super) fn conditions(
        &self,
        query: &mut Query,
        upvotes: &str,
        stars: &str,
        announced: &str,
        id: &str,
    ) {
        if self.min_upvotes > 0 {
            query.int(&format!(" and {upvotes} >= ?"), self.min_upvotes);
        }
        if self.min_stars > 0 {
            query.int(&format!(" and {stars} >= ?"), self.min_stars);
        }
        if let Some(from) = self.from {
            query.int(&format!(" and {announced} >= ?"), from);
        }
        if let Some(before) = self.before {
            query.int(&format!(" and {announced} < ?"), before);
        }
        for (scopes, exists) in [(&self.also, "exists"), (&self.excluded, "not exists")] {
            for scope in scopes {
                query.text(
                    &format!(" and {exists} (select 1 from listings c where c.announced = {announced} and c.paper_id = {id} and c.scope = ?)"),
                    scope,
                );
            }
        }
    }

    /// Adds conditions on `papers p`, for search results and bookmarks; without the words.
    pub(super) fn paper_conditions(&self, query: &mut Query) {
        if self.code {
            query.push(" and p.code_url is not null");
        }
        self.conditions(query, "p.upvotes", "p.stars", "p.announced", "p.id");
        if self.scopes != [""] {
            query.push(" and exists (select 1 from listings c where c.announced = p.announced and c.paper_id = p.id and c.scope in (");
            for (index, scope) in self.scopes.iter().enumerate() {
                query.text(if index == 0 { "?" } else { ", ?" }, scope);
            }
            query.push("))");
        }
    }

    /// All conditions on `papers p`, with the words.
    pub(crate) fn of_paper(&self) -> Query {
        let mut query = Query::default();
        self.paper_conditions(&mut query);
        self.word_conditions(&mut query, "p.id");
        query
    }
}
