//! The statements that a listing can need, for tests of their plans and of their portability.

use domain::{Listing, Sort, paper::Signal};
use jiff::Timestamp;
use sqlx::Row;

use super::{
    filter::{Filter, Walk},
    news::added_query,
    place::Place,
    query::Query,
    sql::{count_query, matches_query, walk_query},
};
use crate::{error::Result, store::Store};

/// The text of every statement for a listing.
#[doc(hidden)]
pub fn statements(listing: &Listing, now: Timestamp) -> Vec<String> {
    let added = added_query(&Filter::of(listing, now), 1);
    queries(listing, now)
        .iter()
        .chain([&added])
        .map(Query::sql)
        .collect()
}

fn queries(listing: &Listing, now: Timestamp) -> Vec<Query> {
    let filter = Filter::of(listing, now);
    let after = Some(Place {
        key: 1.0,
        announced: 1,
        id: 1,
    });
    let mut queries = vec![count_query(&filter)];
    let walks = match listing.order() {
        Sort::Top => vec![
            Walk::Largest(Signal::Upvotes),
            Walk::Newest(Some(Signal::Upvotes)),
        ],
        Sort::Stars => vec![Walk::Largest(Signal::Stars), Walk::Newest(Some(Signal::Stars))],
        Sort::Relevance => vec![],
        Sort::Trending | Sort::New => vec![Walk::Newest(None)],
    };
    for scope in &filter.scopes {
        for walk in &walks {
            queries.push(walk_query(&filter, *walk, scope, None, 26, None));
            queries.push(walk_query(&filter, *walk, scope, after, 26, Some(1)));
        }
    }
    if listing.order() == Sort::Relevance {
        queries.push(matches_query(&filter, None, 26));
        queries.push(matches_query(&filter, after, 26));
    }
    queries
}

impl Store {
    /// The plan of every statement for a listing, for the test that each uses an index.
    #[doc(hidden)]
    pub async fn plans(&self, listing: &Listing, now: Timestamp) -> Result<Vec<String>> {
        let mut plans = Vec::new();
        for query in queries(listing, now) {
            let mut explain = Query::default();
            explain.push("explain query plan ").append(&query);
            let sql = explain.sql();
            let rows = explain.prepare().fetch_all(&self.readers).await?;
            let steps: Vec<String> = rows
                .iter()
                .map(|row| row.try_get::<String, _>(3))
                .collect::<Result<_, _>>()?;
            plans.push(format!("{sql}\n  {}", steps.join("\n  ")));
        }
        Ok(plans)
    }
}
