//! The order of a search: best match first.

use std::collections::HashSet;

use domain::{Cursor, ListStart};
use sqlx::Row;

use super::{
    filter::Filter,
    full_text::{Match, has_author, name_match},
    place::Place,
    query::Query,
    sql::matches_query,
};
use crate::{error::Result, json::from_json, store::Store};

/// Results of a search whose order is remembered.
const MOST_REMEMBERED: usize = 500;

/// The papers that match the words of a search, by row id.
#[derive(Debug, Default)]
pub(super) struct WordSets {
    wanted: Option<HashSet<i64>>,
    unwanted: Option<HashSet<i64>>,
}

impl WordSets {
    /// Whether a paper has the wanted words and none of the unwanted ones.
    pub(super) fn pass(&self, id: i64) -> bool {
        self.wanted.as_ref().is_none_or(|set| set.contains(&id))
            && !self.unwanted.as_ref().is_some_and(|set| set.contains(&id))
    }
}

impl Store {
    /// The best matches. Every stored paper changes bm25 scores, so the first page remembers the order for the pages that
    /// follow. After the remembered results, or after a restart, pages continue by score.
    pub(super) async fn best_matches(
        &self,
        filter: &Filter,
        listing: u64,
        start: ListStart,
        after: Option<Cursor>,
        wanted: usize,
    ) -> Result<Vec<Place>> {
        if let Some(cursor) = after {
            let seen = cursor.seen as usize;
            if let Some(found) = self.searches.get(listing, start)
                && seen < found.len()
            {
                let page: Vec<Place> = found.iter().skip(seen).take(wanted).copied().collect();
                if page.len() == wanted || found.len() < MOST_REMEMBERED {
                    return Ok(page);
                }
            }
            return self.search(filter, Some(Place::of(&cursor)), wanted).await;
        }
        let mut found = self.search(filter, None, MOST_REMEMBERED).await?;
        if found.len() >= wanted {
            self.searches.put(listing, start, found.clone());
        }
        found.truncate(wanted);
        Ok(found)
    }

    async fn search(&self, filter: &Filter, after: Option<Place>, wanted: usize) -> Result<Vec<Place>> {
        let mut query = Query::default();
        query
            .push("select json_group_array(json_array(id, score)) from (")
            .append(&matches_query(filter, after, wanted))
            .push(") found");
        let found: String = query.prepare().fetch_one(&self.readers).await?.try_get(0)?;
        let found: Vec<(i64, f64)> = from_json(&found)?;
        Ok(found
            .into_iter()
            .map(|(id, key)| Place {
                key,
                announced: 0,
                id,
            })
            .collect())
    }

    /// The papers that match the words and the names of a search.
    pub(super) async fn matching(&self, words: &Match) -> Result<WordSets> {
        let mut sets = WordSets::default();
        if let Some(wanted) = &words.wanted {
            let mut query = matching_query(wanted);
            for name in &words.names {
                has_author(query.push(" and "), name, "papers_fts.rowid");
            }
            sets.wanted = Some(self.row_ids(query).await?);
        }
        let mut unwanted: Vec<Query> = words.unwanted.iter().map(|words| matching_query(words)).collect();
        unwanted.extend(words.unwanted_names.iter().map(|name| {
            let mut query = matching_query(&name_match(name));
            has_author(query.push(" and "), name, "papers_fts.rowid");
            query
        }));
        for query in unwanted {
            let ids = self.row_ids(query).await?;
            sets.unwanted.get_or_insert_default().extend(ids);
        }
        Ok(sets)
    }

    /// The numbers that a query returns as one row of JSON.
    async fn row_ids(&self, query: Query) -> Result<HashSet<i64>> {
        let ids: String = query.prepare().fetch_one(&self.readers).await?.try_get(0)?;
        from_json(&ids)
    }
}

fn matching_query(words: &str) -> Query {
    let mut query = Query::default();
    query.text(
        "select json_group_array(rowid) from papers_fts where papers_fts match ?",
        words,
    );
    query
}
