//! The statements of listings.

use domain::listing::COUNTED_TO;

use super::{
    filter::{Filter, Walk},
    full_text::Match,
    place::Place,
    query::Query,
    signal::column,
};

/// Weights of a match in the title, the authors and the abstract (column weights of bm25).
const BM25: &str = "bm25(papers_fts, 8.0, 4.0, 1.0)";

/// A walk along one index. Its result is one row of JSON: every row costs a hop between threads.
pub(super) fn walk_query(
    filter: &Filter,
    walk: Walk,
    scope: &str,
    after: Option<Place>,
    wanted: usize,
    newest: Option<i64>,
) -> Query {
    let mut query = Query::default();
    let key = match walk {
        Walk::Largest(signal) => format!("l.{}", column(signal)),
        Walk::Newest(_) => "0".to_owned(),
    };
    query.push("select json_group_array(json_array(paper_id, announced, key)) from (select l.paper_id, l.announced, ");
    query.push(&key).push(" as key ");
    filter.walk(&mut query, walk, scope);
    if let Some(newest) = newest {
        query.int(" and l.paper_id <= ?", newest);
    }
    let order = match walk {
        Walk::Newest(_) => {
            if let Some(after) = after {
                query
                    .int(" and (l.announced, l.paper_id) < (?", after.announced)
                    .int(", ?)", after.id);
            }
            " order by l.announced desc, l.paper_id desc".to_owned()
        }
        Walk::Largest(_) => {
            if let Some(after) = after {
                query.int(
                    &format!(" and ({key}, l.announced, l.paper_id) < (?"),
                    after.key as i64,
                );
                query.int(", ?", after.announced).int(", ?)", after.id);
            }
            format!(" order by {key} desc, l.announced desc, l.paper_id desc")
        }
    };
    query.push(&order).int(" limit ?) walked", wanted as i64);
    query
}

/// The best matches of a search, by their score: bm25 is smaller for a better match.
pub(super) fn matches_query(filter: &Filter, after: Option<Place>, wanted: usize) -> Query {
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
    // A paper that arXiv has deleted must not be found by its words. There are few such papers.
    query.push(
        " and not exists (select 1 from papers r indexed by papers_removed where r.id = hits.id and r.removed_at is not null)",
    );
    if let Some(unwanted) = &filter.words.unwanted {
        query.text(
            " and hits.id not in (select rowid from papers_fts where papers_fts match ?)",
            unwanted,
        );
    }
    filter.words.name_conditions(&mut query, "hits.id");
    if let Some(after) = after {
        query
            .real(" and (hits.score > ?", after.key)
            .real(" or (hits.score = ?", after.key)
            .int(" and hits.id < ?))", after.id);
    }
    query.int(" order by hits.score, hits.id desc limit ?", wanted as i64);
    query
}

/// How many papers pass; a narrowed listing is counted only to [`COUNTED_TO`].
pub(super) fn count_query(filter: &Filter) -> Query {
    // One more than the page shows, so that "more than" is true.
    let most = COUNTED_TO as i64 + 1;
    let mut query = Query::default();
    match &filter.words.wanted {
        None if filter.is_everything() && filter.words == Match::default() => {
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
            filter.words.name_conditions(&mut query, "papers_fts.rowid");
            query.int(" limit ?) matched", most);
        }
        _ => {
            query.push("select count(*) from (");
            for (index, scope) in filter.scopes.iter().enumerate() {
                // A paper in two of the categories counts once.
                query.push(if index == 0 { "" } else { " union " });
                query.push("select paper_id from (select l.paper_id ");
                filter.walk(&mut query, Walk::Newest(None), scope);
                query.int(" limit ?) walked", most);
            }
            query.push(") counted");
        }
    }
    query
}
