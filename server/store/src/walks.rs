//! What a listing asks for, and the walks over indexes that answer it.

use std::{cmp::Ordering, collections::HashSet};

use domain::{Category, Cursor, Listing, listing::COUNTED_TO};
use jiff::Timestamp;

use super::{
    Ranked,
    frozen::Stood,
    full_text::{Match, fts_match},
    query::Query,
};

/// How much a match in the title, the authors and the abstract weighs (bm25 column weights).
const BM25: &str = "bm25(papers_fts, 8.0, 4.0, 1.0)";

/// A paper on the way to a page, with what orders it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    pub(super) id: i64,
    pub(super) announced: i64,
    pub(super) key: f64,
}

impl Hit {
    /// Whether it stands behind the last paper of a page.
    pub(super) fn is_after(&self, cursor: &Cursor) -> bool {
        let last = Self {
            id: cursor.id,
            announced: cursor.announced,
            key: cursor.key,
        };
        self.order(&last) == Ordering::Greater
    }

    /// Larger key first, then later, then larger row.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        other
            .key
            .total_cmp(&self.key)
            .then(other.announced.cmp(&self.announced))
            .then(other.id.cmp(&self.id))
    }
}

/// What a listing asks for, resolved as of one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Any of these; `[""]` is everything.
    pub(super) scopes: Vec<String>,
    /// And each of these.
    pub(super) also: Vec<String>,
    /// And none of these.
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

/// Which index a walk follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    /// Newest first; with `Some(column)` only papers where that signal is 0.
    Newest(Option<&'static str>),
    /// Largest first, of papers that have the signal.
    Largest(&'static str),
}

impl Walk {
    /// The key of a paper that stood on this walk; `None` when it did not.
    pub(super) fn key(self, stood: &Stood) -> Option<f64> {
        let signal = |name| {
            if name == "stars" {
                stood.stars
            } else {
                stood.upvotes
            }
        };
        match self {
            Self::Newest(None) => Some(0.0),
            Self::Newest(Some(zero)) => (signal(zero) == 0).then_some(0.0),
            Self::Largest(name) => Some(signal(name))
                .filter(|total| *total > 0)
                .map(|total| total as f64),
        }
    }
}

impl Filter {
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

    /// The same question about a paper of the ranking, without SQL; the words are asked apart.
    pub(super) fn passes(&self, ranked: &Ranked) -> bool {
        self.admits(
            &ranked.categories,
            ranked.has_code,
            [ranked.upvotes, ranked.stars, ranked.announced],
        )
    }

    /// The same question about a paper as it was.
    pub(super) fn passed(&self, stood: &Stood) -> bool {
        self.admits(
            &stood.categories,
            stood.has_code,
            [stood.upvotes, stood.stars, stood.announced],
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

    /// `from listings l …` with every condition of this filter, for one scope, following the walk's index.
    pub(super) fn walk(&self, query: &mut Query, walk: Walk, scope: &str) {
        let (index, holds) = match walk {
            Walk::Largest("upvotes") => ("indexed by listings_by_upvotes", "l.upvotes > 0"),
            Walk::Largest(_) => ("indexed by listings_by_stars", "l.stars > 0"),
            Walk::Newest(_) if self.code => ("indexed by listings_with_code", "l.has_code = 1"),
            Walk::Newest(zero) if self.min_stars > 0 && zero != Some("stars") => {
                ("indexed by listings_with_stars", "l.stars > 0")
            }
            Walk::Newest(zero) if self.min_upvotes > 0 && zero != Some("upvotes") => {
                ("indexed by listings_with_upvotes", "l.upvotes > 0")
            }
            // The primary key of a table without rowid.
            Walk::Newest(_) => ("not indexed", "true"),
        };
        query
            .push("from listings l ")
            .push(index)
            .push(" where ")
            .push(holds)
            .text(" and l.scope = ?", scope);
        if let Walk::Newest(Some(zero)) = walk {
            query.push(if zero == "stars" {
                " and l.stars = 0"
            } else {
                " and l.upvotes = 0"
            });
        }
        if self.code {
            query.push(" and l.has_code = 1");
        }
        self.conditions(query, "l.upvotes", "l.stars", "l.announced", "l.paper_id");
        self.word_conditions(query, "l.paper_id");
    }

    /// The words of a search, asked of one row at a time.
    pub(super) fn word_conditions(&self, query: &mut Query, id: &str) {
        for (words, member) in [(&self.words.wanted, "in"), (&self.words.unwanted, "not in")] {
            if let Some(words) = words {
                let sql =
                    format!(" and {id} {member} (select rowid from papers_fts where papers_fts match ?)");
                query.text(&sql, words);
            }
        }
    }

    /// The conditions that are the same whichever table is walked.
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

    /// Conditions on `papers p`, for walks over search hits and bookmarks; without the words.
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

    /// Everything this filter asks of `papers p`, words and all.
    pub(super) fn of_paper(&self) -> Query {
        let mut query = Query::default();
        self.paper_conditions(&mut query);
        self.word_conditions(&mut query, "p.id");
        query
    }
}

#[derive(Debug, Default)]
pub(super) struct WordSets {
    pub(super) wanted: Option<HashSet<i64>>,
    pub(super) unwanted: Option<HashSet<i64>>,
}

impl WordSets {
    pub(super) fn pass(&self, id: i64) -> bool {
        self.wanted.as_ref().is_none_or(|set| set.contains(&id))
            && !self.unwanted.as_ref().is_some_and(|set| set.contains(&id))
    }
}

/// One row: the hits as JSON, because every row more would cost a hop between threads.
pub(super) fn walk_query(
    filter: &Filter,
    walk: Walk,
    scope: &str,
    after: Option<Cursor>,
    wanted: usize,
    newest: Option<i64>,
) -> Query {
    let mut query = Query::default();
    let key = match walk {
        Walk::Largest("upvotes") => "l.upvotes",
        Walk::Largest(_) => "l.stars",
        Walk::Newest(_) => "0",
    };
    query.push("select json_group_array(json_array(paper_id, announced, key)) from (select l.paper_id, l.announced, ");
    query.push(key).push(" as key ");
    filter.walk(&mut query, walk, scope);
    if let Some(newest) = newest {
        query.int(" and l.paper_id <= ?", newest);
    }
    let order = match walk {
        Walk::Newest(_) => {
            if let Some(cursor) = after {
                query
                    .int(" and (l.announced, l.paper_id) < (?", cursor.announced)
                    .int(", ?)", cursor.id);
            }
            " order by l.announced desc, l.paper_id desc".to_owned()
        }
        Walk::Largest(_) => {
            if let Some(cursor) = after {
                query.int(
                    &format!(" and ({key}, l.announced, l.paper_id) < (?"),
                    cursor.key as i64,
                );
                query.int(", ?", cursor.announced).int(", ?)", cursor.id);
            }
            format!(" order by {key} desc, l.announced desc, l.paper_id desc")
        }
    };
    query.push(&order).int(" limit ?)", wanted as i64);
    query
}

pub(super) fn matches_query(filter: &Filter, after: Option<Cursor>, wanted: usize) -> Query {
    let mut query = Query::default();
    query
        .push("with hits as materialized (select rowid as id, ")
        .push(BM25)
        .push(" as score from papers_fts");
    query.text(
        " where papers_fts match ?)",
        filter.words.wanted.as_deref().unwrap_or("\"\""),
    );
    query.push(" select hits.id, hits.score from hits");
    if filter.is_everything() {
        query.push(" where true");
    } else {
        query.push(" join papers p on p.id = hits.id where true");
        filter.paper_conditions(&mut query);
    }
    // Few if any; without this the words of a paper that arXiv has deleted would still find it.
    query.push(
        " and not exists (select 1 from papers r indexed by papers_removed where r.id = hits.id and r.removed_at is not null)",
    );
    if let Some(unwanted) = &filter.words.unwanted {
        query.text(
            " and hits.id not in (select rowid from papers_fts where papers_fts match ?)",
            unwanted,
        );
    }
    if let Some(cursor) = after {
        query
            .real(" and (hits.score > ?", cursor.key)
            .real(" or (hits.score = ?", cursor.key)
            .int(" and hits.id < ?))", cursor.id);
    }
    query.int(" order by hits.score, hits.id desc limit ?", wanted as i64);
    query
}

pub(super) fn count_query(filter: &Filter) -> Query {
    // One more than is told, so that "more than" is true.
    let most = COUNTED_TO as i64 + 1;
    let mut query = Query::default();
    match &filter.words.wanted {
        None if filter.is_everything() && filter.words.unwanted.is_none() => {
            query.push("select count(*) from listings l not indexed where l.scope = ''");
        }
        Some(wanted) if filter.is_everything() => {
            query.text(
                "select count(*) from (select 1 from papers_fts where papers_fts match ?",
                wanted,
            );
            if let Some(unwanted) = &filter.words.unwanted {
                query.text(
                    " and rowid not in (select rowid from papers_fts where papers_fts match ?)",
                    unwanted,
                );
            }
            query.int(" limit ?)", most);
        }
        _ => {
            query.push("select count(*) from (");
            for (index, scope) in filter.scopes.iter().enumerate() {
                // A paper in two of the categories counts once.
                query.push(if index == 0 { "" } else { " union " });
                query.push("select paper_id from (select l.paper_id ");
                filter.walk(&mut query, Walk::Newest(None), scope);
                query.int(" limit ?)", most);
            }
            query.push(")");
        }
    }
    query
}
