//! One text for two databases: every statement is also a statement of PostgreSQL, but for the listed exceptions.
//!
//! The parser knows the grammar and no schema. So the test also refuses names that only SQLite has.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use domain::Listing;
use sqlparser::{dialect::PostgreSqlDialect, parser::Parser};

/// Statements with these words exist for SQLite only. Each entry must match a statement, and each matched statement must
/// be refused by the check: an exception that is not needed any more has to go.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("papers_fts", "the full-text index is a virtual table of FTS5"),
    (
        "indexed by",
        "index hints: PostgreSQL has none, and its text leaves them out",
    ),
    ("not indexed", "likewise"),
    ("pragma ", "checks of the database file"),
    ("vacuum into", "a copy of the database file"),
    ("sqlite_schema", "reads the schema of a file of any release"),
];

/// Words that the parser accepts and PostgreSQL does not know.
const ONLY_SQLITE: &[&str] = &[
    "?",
    "iif(",
    "instr(",
    "unixepoch(",
    "strftime(",
    "ifnull(",
    "group_concat(",
    "randomblob(",
    "x'",
    "rowid",
    "limit -1",
    "insert or ",
    "papers_fts",
    "sqlite_schema",
    "pragma ",
];

fn check(sql: &str) -> Result<(), String> {
    // Without quoted names: sqlx marks optional columns as in "found_in?: String".
    let lower: String = sql.to_lowercase().split('"').step_by(2).collect();
    if let Some(word) = ONLY_SQLITE.iter().find(|word| lower.contains(**word)) {
        return Err(format!("“{word}” is not PostgreSQL"));
    }
    Parser::parse_sql(&PostgreSqlDialect {}, sql)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The statements that the compiler checks, from `.sqlx`.
fn checked_statements() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.sqlx");
    fs::read_dir(folder)
        .expect(".sqlx")
        .map(|entry| {
            let text = fs::read_to_string(entry.expect("an entry").path()).expect("a file");
            let query: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            query["query"].as_str().expect("a query").to_owned()
        })
        .collect()
}

/// The statements of listings, which are put together for each request.
fn listing_statements() -> Vec<String> {
    let mut statements = Vec::new();
    for sort in ["trending", "new", "top", "stars", "relevance"] {
        for filter in [
            &[][..],
            &[("category", "cs.LG"), ("category", "cs.CL")],
            &[("has", "code"), ("min_upvotes", "2"), ("min_stars", "3")],
            &[("min_upvotes", "2"), ("from", "2024-01-01"), ("to", "2024-02-01")],
            &[("q", "words -other cat:cs.LG -cat:math")],
        ] {
            let query = [("sort", sort)].into_iter().chain(filter.iter().copied());
            statements.extend(store::statements(&Listing::read(query).listing, testing::now()));
        }
    }
    statements
}

/// Literals of `sqlx::query("…")` and its kind, which the compiler does not check.
fn unchecked_statements() -> Vec<String> {
    let mut statements = Vec::new();
    for file in files(&sources()) {
        let source = fs::read_to_string(&file).expect("a source file");
        for call in ["sqlx::query(", "sqlx::query_scalar(", "sqlx::query_as("] {
            for rest in source.split(call).skip(1) {
                if let Some(literal) = rest.trim_start().strip_prefix('"') {
                    statements.push(literal.split('"').next().expect("a literal").to_owned());
                }
            }
        }
    }
    statements
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn every_statement() -> BTreeSet<String> {
    let mut statements: BTreeSet<String> = checked_statements().into_iter().collect();
    assert!(statements.len() > 150, "{} statements in .sqlx", statements.len());
    let listing = listing_statements();
    assert!(listing.len() > 50, "{} statements of listings", listing.len());
    let unchecked = unchecked_statements();
    assert!(unchecked.len() > 5, "{} unchecked statements", unchecked.len());
    statements.extend(listing);
    statements.extend(unchecked);
    statements
}

#[test]
fn every_statement_is_one_of_postgresql_too() {
    let mut needed = BTreeSet::new();
    let mut errors = Vec::new();
    for sql in every_statement() {
        let checked = check(&sql);
        let excepted = EXCEPTIONS
            .iter()
            .find(|(words, _)| sql.to_lowercase().contains(words));
        match (checked, excepted) {
            (Ok(()), None) => {}
            (Ok(()), Some((words, _))) => errors.push(format!("“{words}” needs no exception in:\n{sql}")),
            (Err(_), Some((words, _))) => {
                needed.insert(*words);
            }
            (Err(error), None) => errors.push(format!("{error}:\n{sql}")),
        }
    }
    let listed = EXCEPTIONS.iter().map(|(words, _)| *words);
    for entry in listed.filter(|entry| !needed.contains(entry)) {
        errors.push(format!("the exception “{entry}” is not needed"));
    }
    assert!(errors.is_empty(), "{}", errors.join("\n\n"));
}

#[test]
fn the_check_refuses_what_postgresql_refuses() {
    for sql in [
        "select id from papers where id = ?",
        "select iif(a, 1, 2)",
        "select 1 from listings l indexed by listings_by_stars where l.stars > 0",
        "insert or replace into settings values ('a', 'b')",
        "select from where",
    ] {
        assert!(check(sql).is_err(), "{sql}");
    }
    check("insert into t (a) select cast(value ->> 0 as bigint) from json_each($1) where true on conflict do nothing")
        .expect("PostgreSQL");
}
