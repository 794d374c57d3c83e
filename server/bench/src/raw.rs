//! The limits of SQLite: the query that a page cannot do without, and the bulk insert of an import, without anything
//! around them.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use hdrhistogram::Histogram;
use rusqlite::{Connection, OpenFlags, types::Value};

use crate::database::remove_database;

/// Pages turned to reach the deep page.
pub const DEPTH: usize = 40;
/// Papers on a page.
const PAGE: usize = 25;
/// Fewest runs of a query, for a 99th percentile of slow ones.
const FEWEST: u64 = 20;

/// A query of SQLite that a page cannot do without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawQuery {
    /// The newest papers of a scope: everything is ''.
    Newest(&'static str),
    /// The page at depth 40 of everything, by keyset.
    Deep,
    /// One paper by its key, for each of these.
    Papers(Vec<String>),
    /// The best 25 by bm25 in the full-text index, for each of these searches.
    Search(Vec<String>),
}

/// Times of a raw query, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawTimes {
    /// Median.
    pub p50: f64,
    /// 99th percentile.
    pub p99: f64,
}

/// How many papers a library has.
pub fn count_papers(database: &Path) -> anyhow::Result<u64> {
    let count: i64 = open(database)?
        .query_row("select count(*) from papers", (), |row| row.get(0))
        .context("cannot count the papers")?;
    Ok(u64::try_from(count)?)
}

/// Runs a raw query again and again for one window. Fails when the library does not have what the query asks for.
pub fn raw_query(database: &Path, query: &RawQuery, window: Duration) -> anyhow::Result<RawTimes> {
    let connection = open(database)?;
    let (sql, turns) = prepare(&connection, query)?;
    let mut statement = connection
        .prepare(&sql)
        .context("this library has no such tables")?;
    let columns = statement.column_count();
    let mut times = Histogram::<u64>::new(3).context("cannot make a histogram")?;
    let mut run = |parameters: &[Value]| -> anyhow::Result<u64> {
        let (mut rows, mut count) = (statement.query(rusqlite::params_from_iter(parameters))?, 0);
        while let Some(row) = rows.next()? {
            // Reads every value, as a page must.
            for column in 0..columns {
                std::hint::black_box(row.get_ref(column)?);
            }
            count += 1;
        }
        Ok(count)
    };
    let mut found = 0;
    for parameters in turns.iter().take(FEWEST as usize) {
        found += run(parameters)?;
    }
    ensure!(found > 0, "the raw query finds nothing");
    let began = Instant::now();
    for parameters in turns.iter().cycle() {
        if began.elapsed() >= window && times.len() >= FEWEST {
            break;
        }
        let start = Instant::now();
        run(parameters)?;
        times.record(u64::try_from(start.elapsed().as_nanos())?)?;
    }
    Ok(RawTimes {
        p50: times.value_at_quantile(0.5) as f64 / 1_000.0,
        p99: times.value_at_quantile(0.99) as f64 / 1_000.0,
    })
}

/// The SQL of a raw query, and the parameters of each of its turns.
fn prepare(connection: &Connection, query: &RawQuery) -> anyhow::Result<(String, Vec<Vec<Value>>)> {
    let page = "select p.* from listings l not indexed join papers p on p.id = l.paper_id where l.scope = ?1
        and (l.announced, l.paper_id) < (?2, ?3) order by l.announced desc, l.paper_id desc limit ?4";
    let page_after = |scope: &str, announced: i64, id: i64| {
        vec![
            Value::Text(scope.to_owned()),
            Value::Integer(announced),
            Value::Integer(id),
            Value::Integer(PAGE as i64),
        ]
    };
    let texts = |texts: &[String]| texts.iter().map(|text| vec![Value::Text(text.clone())]).collect();
    Ok(match query {
        RawQuery::Newest(scope) => (page.to_owned(), vec![page_after(scope, i64::MAX, i64::MAX)]),
        RawQuery::Deep => {
            let sql = "select announced, paper_id from listings where scope = '' order by announced desc, paper_id desc
                limit 1 offset ?1";
            let (announced, id) = connection
                .query_row(sql, [(DEPTH * PAGE) as i64], |row| Ok((row.get(0)?, row.get(1)?)))
                .context("this library has no such page")?;
            (page.to_owned(), vec![page_after("", announced, id)])
        }
        RawQuery::Papers(keys) => ("select * from papers where key = ?1".to_owned(), texts(keys)),
        RawQuery::Search(searches) => {
            let sql = "select rowid, rank from papers_fts where papers_fts match ?1 order by rank limit 25";
            let quoted: Vec<String> = searches.iter().map(|search| all_words(search)).collect();
            (sql.to_owned(), texts(&quoted))
        }
    })
}

/// Every word must occur, in FTS5's language.
fn all_words(search: &str) -> String {
    search
        .split(' ')
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(" AND ")
}

fn open(database: &Path) -> anyhow::Result<Connection> {
    // The program leaves the log behind when it is killed; only a writing connection may read it then.
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .with_context(|| format!("cannot open {}", database.display()))?;
    // As much memory as one reading connection of the program has, in KiB when negative.
    connection.execute_batch("pragma cache_size = -8000")?;
    Ok(connection)
}

/// Inserts the papers of a library into a new database with the same full-text index, in one transaction. Gives papers
/// per second.
///
/// Only the table of papers and its full-text index are written; lists, authors and votes are left out, so this is
/// what no import can avoid. Reading the rows costs about a thirtieth of writing them.
pub fn bulk_insert(library: &Path, fresh: &Path) -> anyhow::Result<f64> {
    remove_database(fresh)?;
    let mut connection =
        Connection::open(fresh).with_context(|| format!("cannot open {}", fresh.display()))?;
    // The same cache, in KiB when negative, and the same safety as the program's writer.
    connection
        .execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -32000")?;
    connection.execute("attach ?1 as library", [library.to_string_lossy()])?;
    let definition = |name: &str| -> anyhow::Result<String> {
        connection
            .query_row(
                "select sql from library.sqlite_schema where name = ?1",
                [name],
                |row| row.get(0),
            )
            .with_context(|| format!("this library has no table {name}"))
    };
    let definitions = [definition("papers")?, definition("papers_fts")?];
    for sql in &definitions {
        connection
            .execute_batch(sql)
            .context("cannot create the tables of the library")?;
    }
    let columns = |table: &str| -> anyhow::Result<String> {
        let mut statement = connection.prepare("select name from pragma_table_info(?1)")?;
        let names: Vec<String> = statement
            .query_map([table], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(names
            .iter()
            .map(|name| format!("\"{name}\""))
            .collect::<Vec<_>>()
            .join(", "))
    };
    let (papers, words) = (columns("papers")?, columns("papers_fts")?);
    let began = Instant::now();
    let transaction = connection.transaction()?;
    let count = transaction.execute(
        &format!("insert into main.papers ({papers}) select {papers} from library.papers"),
        (),
    )?;
    transaction
        .execute(
            &format!(
                "insert into main.papers_fts (rowid, {words}) select rowid, {words} from library.papers_fts"
            ),
            (),
        )
        .context("cannot fill the full-text index")?;
    transaction.commit()?;
    let seconds = began.elapsed().as_secs_f64();
    drop(connection);
    remove_database(fresh)?;
    Ok(count as f64 / seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(folder: &Path) -> std::path::PathBuf {
        let path = folder.join("library.db");
        let connection = Connection::open(&path).expect("a database");
        connection
            .execute_batch(
                "create table papers (id integer primary key, key text, title text, abstract text);
                 create virtual table papers_fts using fts5 (title, abstract, content = 'papers', content_rowid = 'id');
                 create table listings (scope text, announced integer, paper_id integer,
                     primary key (scope, announced, paper_id)) without rowid;
                 with recursive n (n) as (select 1 union all select n + 1 from n where n < 2000)
                 insert into papers select n, 'k' || n, 'strong convergence ' || n, 'words' from n;
                 insert into papers_fts (rowid, title, abstract) select id, title, abstract from papers;
                 insert into listings select '', id, id from papers",
            )
            .expect("rows");
        path
    }

    #[test]
    fn raw_queries_find_what_is_there_and_fail_where_nothing_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = library(folder.path());
        let window = Duration::from_millis(5);
        for query in [
            RawQuery::Newest(""),
            RawQuery::Deep,
            RawQuery::Papers(vec!["k7".into()]),
            RawQuery::Search(vec!["strong convergence".into()]),
        ] {
            let times = raw_query(&path, &query, window).expect("times");
            assert!(times.p50 > 0.0 && times.p50 <= times.p99, "{query:?}");
        }
        assert!(raw_query(&path, &RawQuery::Newest("cs.CV"), window).is_err());
        assert_eq!(count_papers(&path).expect("a count"), 2_000);
    }

    #[test]
    fn the_bulk_insert_copies_every_paper() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = library(folder.path());
        assert!(bulk_insert(&path, &folder.path().join("fresh.db")).expect("a rate") > 0.0);
    }
}
