//! Databases of earlier releases: they upgrade without loss, and what must not change them does not.
//!
//! The file is long because all tests read the same databases.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use domain::{Listing, Mutes, Window};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{Integrity, Store, StoreError, backup, schema::inspect};
use tempfile::TempDir;
use testing::{Library, a_paper, key, now, walk};

/// Schemas of the fixtures that are made from `rows_NNNN.sql`.
const FROM_ROWS: [i64; 5] = [5, 6, 7, 8, 9];
/// The schema of the fixture that the program of its release made.
const FROM_PROGRAM: i64 = 10;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn every_schema() -> impl Iterator<Item = i64> {
    FROM_ROWS.into_iter().chain([FROM_PROGRAM])
}

/// The fixture of a schema, in a folder of its own.
fn unpacked(schema: i64) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    let packed = fs::read(fixtures().join(format!("schema_{schema:04}.db.zst"))).expect("the fixture");
    fs::write(&path, zstd::decode_all(packed.as_slice()).expect("unpacked")).expect("written");
    (folder, path)
}

async fn connect(path: &Path) -> SqliteConnection {
    testing::connect(path).await
}

/// Columns and rows of a table, each value as an SQL literal.
type Table = (Vec<String>, BTreeSet<Vec<String>>);

/// Every table but the inner ones of SQLite and of the full-text index.
async fn tables(path: &Path) -> BTreeMap<String, Table> {
    let mut connection = connect(path).await;
    let names: Vec<String> = sqlx::query_scalar(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not like 'papers_fts%'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("the tables");
    let mut tables = BTreeMap::new();
    for name in names {
        let columns: Vec<String> = sqlx::query_scalar("select name from pragma_table_info($1)")
            .bind(&name)
            .fetch_all(&mut connection)
            .await
            .expect("the columns");
        let rows = rows(&mut connection, &name, &columns).await;
        tables.insert(name, (columns, rows));
    }
    connection.close().await.expect("closed");
    tables
}

async fn rows(connection: &mut SqliteConnection, table: &str, columns: &[String]) -> BTreeSet<Vec<String>> {
    let values: Vec<String> = columns
        .iter()
        .map(|column| format!("quote(\"{column}\")"))
        .collect();
    let sql = format!("select {} from \"{table}\"", values.join(", "));
    sqlx::query(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await
        .expect("the rows")
        .iter()
        .map(|row| (0..columns.len()).map(|index| row.get(index)).collect())
        .collect()
}

/// Migration 9 has a word of its own for an email that waits for another try.
fn as_migrated(table: &str, columns: &[String], mut row: Vec<String>, schema: i64) -> Vec<String> {
    if table == "deliveries" && schema < 9 {
        let index = |name: &str| {
            columns
                .iter()
                .position(|column| column == name)
                .expect("a column")
        };
        if row[index("state")] == "'queued'" && row[index("attempts")] != "0" {
            row[index("state")] = "'deferred'".to_owned();
        }
    }
    row
}

#[tokio::test]
async fn every_release_upgrades_without_losing_a_row() {
    for schema in every_schema() {
        let (_folder, path) = unpacked(schema);
        let before = tables(&path).await;
        let store = Store::open(&path).await.expect("upgraded");
        assert_eq!(store.integrity().await.expect("checked"), Integrity::default());
        store.close().await;
        assert_eq!(inspect(&path).await.expect("read").pending, Vec::<String>::new());
        let mut connection = connect(&path).await;
        for (table, (columns, old)) in before {
            let new = rows(&mut connection, &table, &columns).await;
            for row in old {
                let row = as_migrated(&table, &columns, row, schema);
                assert!(new.contains(&row), "schema {schema}, {table} has lost {row:?}");
            }
        }
    }
}

#[tokio::test]
async fn every_table_of_a_fixture_has_rows() {
    for schema in FROM_ROWS {
        let (_folder, path) = unpacked(schema);
        for (table, (_, rows)) in tables(&path).await {
            assert!(!rows.is_empty(), "schema {schema}: {table} is empty");
        }
    }
}

#[tokio::test]
async fn papers_and_bookmarks_read_back_after_each_upgrade() {
    for schema in FROM_ROWS {
        let (_folder, path) = unpacked(schema);
        let store = Store::open(&path).await.expect("upgraded");
        let reader = store
            .reader(&number(1))
            .await
            .expect("answer")
            .expect("the reader");
        let paper = store
            .paper(&key("2401.00001"), Some(reader))
            .await
            .expect("answer")
            .expect("the paper");
        assert_eq!(paper.card.title, "The first paper: $x^2$");
        assert_eq!(paper.card.authors, ["Ada Lovelace", "Çelik Öz"]);
        assert_eq!((paper.card.upvotes, paper.card.stars), (Some(12), Some(40)));
        assert!(paper.card.bookmarked);
        assert_eq!(paper.doi.as_deref(), Some("10.1000/one"));
        let earlier_name = store.paper_id(&key("bs-ba9876543210")).await.expect("answer");
        assert_eq!(earlier_name, Some(1));
        let bookmarks = store.all_bookmarks(reader).await.expect("answer");
        let keys: Vec<String> = bookmarks.iter().map(|card| card.key.to_string()).collect();
        assert_eq!(keys, ["math/9901001", "2401.00001"], "schema {schema}");
        let found = walk(&store, &testing::listing(&[("q", "diffusion")]), now()).await;
        assert_eq!(found, ["2401.00001"]);
        let trending = store
            .current_ranking(Window::Week)
            .await
            .expect("answer")
            .expect("a ranking");
        assert_eq!(
            trending
                .entries
                .iter()
                .map(|ranked| ranked.paper_id)
                .collect::<Vec<_>>(),
            [2, 1]
        );
        assert_eq!(walk(&store, &Listing::default(), now()).await.len(), 4);
        store.close().await;
    }
}

#[tokio::test]
async fn subscribers_and_waiting_emails_read_back_after_each_upgrade() {
    for schema in FROM_ROWS {
        let (_folder, path) = unpacked(schema);
        Store::open(&path).await.expect("upgraded").close().await;
        let mut connection = connect(&path).await;
        let states: Vec<(String, String)> =
            sqlx::query_as("select email, state from subscribers where id <= 4 order by id")
                .fetch_all(&mut connection)
                .await
                .expect("subscribers");
        let states: Vec<(&str, &str)> = states
            .iter()
            .map(|(email, state)| (email.as_str(), state.as_str()))
            .collect();
        assert_eq!(
            states,
            [
                ("Alice@Reader.example", "active"),
                ("bob@reader.example", "stopped"),
                ("carol@reader.example", "pending"),
                ("dan@reader.example", "active")
            ]
        );
        // Each has the front page by email, pending for one who has not confirmed.
        let front: Vec<(i64, String)> = sqlx::query_as(
            "select s.subscriber_id, s.state from subscriptions s join views v on v.id = s.view_id
             where v.query = '' and s.subscriber_id <= 4 order by s.subscriber_id",
        )
        .fetch_all(&mut connection)
        .await
        .expect("subscriptions");
        assert_eq!(
            front.iter().map(|(_, state)| state.as_str()).collect::<Vec<_>>(),
            ["active", "active", "pending", "active"]
        );
        let waiting: Vec<(i64, String, String)> = sqlx::query_as(
            "select id, state, domain from deliveries where state in ('queued', 'deferred', 'sending') and id <= 7 order by id",
        )
        .fetch_all(&mut connection)
        .await
        .expect("emails");
        let waiting: Vec<(i64, &str, &str)> = waiting
            .iter()
            .map(|(id, state, domain)| (*id, state.as_str(), domain.as_str()))
            .collect();
        assert_eq!(
            waiting,
            [
                (3, "queued", "reader.example"),
                (6, "deferred", "reader.example"),
                (7, "sending", "reader.example")
            ],
            "schema {schema}"
        );
    }
}

#[tokio::test]
async fn what_the_program_of_schema_10_stored_reads_back() {
    let (_folder, path) = unpacked(FROM_PROGRAM);
    let store = Store::open(&path).await.expect("upgraded");
    let mut connection = connect(&path).await;
    let token: Vec<u8> = sqlx::query_scalar("select token_hash from readers")
        .fetch_one(&mut connection)
        .await
        .expect("one reader");
    let reader = store
        .reader(&token.try_into().expect("32 bytes"))
        .await
        .expect("answer")
        .expect("the reader");
    assert_eq!(walk(&store, &Listing::default(), now()).await.len(), 20);
    assert_eq!(store.bookmark_count(reader).await.expect("answer"), 3);
    let mutes = Mutes::read("blockchain\nlarge language model", "cs.CR").expect("mutes");
    assert_eq!(store.mutes(reader).await.expect("answer"), mutes);
    let searches = store.saved_searches(reader).await.expect("answer");
    assert_eq!(searches.len(), 2);
    for (sql, expected) in [
        ("select count(*) from readings", 3),
        ("select count(*) from subscribers where state = 'active'", 2),
        ("select count(*) from subscribers where state = 'pending'", 1),
        ("select count(*) from subscribers where state = 'stopped'", 3),
        (
            "select count(*) from subscribers where paused_until is not null",
            1,
        ),
        ("select count(*) from suppressions", 2),
        (
            "select count(*) from deliveries where state = 'deferred' and kind = 'digest'",
            1,
        ),
        (
            "select count(*) from deliveries where unsubscribe_hash is not null",
            13,
        ),
        ("select count(*) from issues", 4),
    ] {
        let count: i64 = sqlx::query_scalar(sql)
            .fetch_one(&mut connection)
            .await
            .expect(sql);
        assert_eq!(count, expected, "{sql}");
    }
}

#[tokio::test]
async fn inspecting_and_copying_change_nothing_in_any_schema() {
    for schema in every_schema() {
        let (folder, path) = unpacked(schema);
        let bytes = fs::read(&path).expect("the file");
        let found = inspect(&path).await.expect("read");
        assert_eq!((found.found, found.known), (schema, store::schema::known()));
        assert_eq!(found.pending.len() as i64, found.known - schema);
        if schema == 8 {
            assert_eq!(found.pending[..2], ["0009_views", "0010_reading"]);
        }
        assert!(found.papers > 0);
        let copy = folder.path().join("copy.db");
        backup(&path, &copy).await.expect("copied");
        let again = backup(&path, &copy).await;
        assert!(matches!(again, Err(StoreError::TargetExists(_))), "{again:?}");
        assert_eq!(inspect(&copy).await.expect("read"), found);
        assert_eq!(tables(&copy).await, tables(&path).await, "schema {schema}");
        assert!(
            fs::read(&path).expect("the file") == bytes,
            "schema {schema}: the file has changed"
        );
        assert_eq!(
            names(folder.path()),
            ["copy.db", "library.db"],
            "nothing else is left in the folder"
        );
        Store::open(&copy).await.expect("the copy upgrades").close().await;
    }
}

#[tokio::test]
async fn a_copy_of_a_killed_server_has_what_was_in_its_log_and_leaves_the_file_alone() {
    let (folder, path) = unpacked(FROM_PROGRAM);
    let store = Store::open(&path).await.expect("opened");
    store
        .save_papers(&[a_paper("2611.00001")], now())
        .await
        .expect("saved");
    // As a kill leaves it: the log beside the file.
    let killed = folder.path().join("killed.db");
    fs::copy(&path, &killed).expect("copied");
    fs::copy(
        path.with_file_name("library.db-wal"),
        killed.with_file_name("killed.db-wal"),
    )
    .expect("copied");
    let bytes = fs::read(&killed).expect("the file");
    let copy = folder.path().join("copy.db");
    backup(&killed, &copy).await.expect("copied");
    assert_eq!(inspect(&killed).await.expect("read").papers, 21);
    assert_eq!(inspect(&copy).await.expect("read").papers, 21);
    assert!(
        fs::read(&killed).expect("the file") == bytes,
        "the file has changed"
    );
    store.close().await;
}

#[tokio::test]
async fn a_copy_that_fails_leaves_nothing() {
    let (folder, path) = unpacked(FROM_PROGRAM);
    let missing = folder.path().join("missing.db");
    let copy = folder.path().join("copy.db");
    assert!(matches!(
        backup(&missing, &copy).await,
        Err(StoreError::Missing(_))
    ));
    fs::write(&missing, "no database at all ".repeat(100)).expect("written");
    assert!(backup(&missing, &copy).await.is_err());
    assert!(
        backup(&path, &folder.path().join("no/such/folder.db"))
            .await
            .is_err()
    );
    assert_eq!(names(folder.path()), ["library.db", "missing.db"]);
}

#[tokio::test]
async fn an_existing_library_opens_only_with_exactly_the_known_schema() {
    let known = store::schema::known();
    for schema in FROM_ROWS {
        let (folder, path) = unpacked(schema);
        let bytes = fs::read(&path).expect("the file");
        let refused = Store::open_existing(&path).await;
        assert!(
            matches!(refused, Err(StoreError::OlderSchema { found, known: k }) if found == schema && k == known),
            "{refused:?}"
        );
        assert!(
            fs::read(&path).expect("the file") == bytes,
            "the file has changed"
        );
        assert_eq!(names(folder.path()), ["library.db"]);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("library.db");
    assert!(matches!(
        Store::open_existing(&path).await,
        Err(StoreError::Missing(_))
    ));
    assert!(!path.exists());
    fs::write(&path, "").expect("an empty file");
    let refused = Store::open_existing(&path).await;
    assert!(
        matches!(refused, Err(StoreError::OlderSchema { found: 0, .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_existing_library_is_read_and_never_written() {
    let library = Library::of(&[a_paper("2611.00001")]).await;
    library.store.close().await;
    let bytes = fs::read(&library.path).expect("the file");
    let store = Store::open_existing(&library.path).await.expect("opened");
    assert_eq!(walk(&store, &Listing::default(), now()).await, ["2611.00001"]);
    assert_eq!(store.integrity().await.expect("checked"), Integrity::default());
    let refused = store.save_papers(&[a_paper("2611.00002")], now()).await;
    assert!(matches!(refused, Err(StoreError::ReadOnly(_))), "{refused:?}");
    store.close().await;
    assert!(
        fs::read(&library.path).expect("the file") == bytes,
        "the file has changed"
    );
}

#[tokio::test]
async fn an_existing_library_is_read_while_a_server_writes() {
    let library = Library::of(&[a_paper("2611.00001")]).await;
    let other = Store::open_existing(&library.path).await.expect("opened");
    library.save_papers(&[a_paper("2611.00002")]).await;
    assert_eq!(walk(&other, &Listing::default(), now()).await.len(), 2);
    other.close().await;
    library.assert_sound().await;
}

#[tokio::test]
async fn a_schema_of_a_newer_release_is_refused_and_left_alone() {
    let (folder, path) = unpacked(FROM_PROGRAM);
    let mut connection = connect(&path).await;
    let newer = store::schema::known() + 1;
    sqlx::query("insert into _sqlx_migrations (version, description, success, checksum, execution_time) values ($1, 'of tomorrow', true, x'00', 0)")
        .bind(newer)
        .execute(&mut connection)
        .await
        .expect("written");
    connection.close().await.expect("closed");
    let bytes = fs::read(&path).expect("the file");
    for refused in [Store::open(&path).await, Store::open_existing(&path).await] {
        assert!(
            matches!(refused, Err(StoreError::NewerSchema { found, .. }) if found == newer),
            "{refused:?}"
        );
    }
    assert_eq!(inspect(&path).await.expect("read").found, newer);
    backup(&path, &folder.path().join("copy.db"))
        .await
        .expect("copied");
    assert!(
        fs::read(&path).expect("the file") == bytes,
        "the file has changed"
    );
}

#[tokio::test]
async fn an_unreadable_ranking_counts_as_deleted() {
    for bytes in [
        b"no zstd".to_vec(),
        zstd::encode_all(&br#"{"version":99}"#[..], 3).expect("packed"),
    ] {
        let (_folder, path) = unpacked(FROM_PROGRAM);
        let mut connection = connect(&path).await;
        sqlx::query("update rankings set entries = $1")
            .bind(bytes)
            .execute(&mut connection)
            .await
            .expect("written");
        connection.close().await.expect("closed");
        let store = Store::open(&path).await.expect("opened");
        for _ in 0..2 {
            assert!(
                store
                    .current_ranking(Window::Week)
                    .await
                    .expect("answer")
                    .is_none()
            );
        }
        assert_eq!(
            walk(&store, &Listing::default(), now()).await.len(),
            20,
            "by date"
        );
        ingest::ranking::rank(&store, now()).await.expect("ranked");
        assert!(
            store
                .current_ranking(Window::Week)
                .await
                .expect("answer")
                .is_some()
        );
        store.close().await;
    }
}

/// Makes the fixtures of [`FROM_ROWS`]; see `fixtures/README.md`.
#[tokio::test]
#[ignore = "writes the fixtures, which never change once a release has them"]
async fn make_fixtures() {
    for schema in FROM_ROWS {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("library.db");
        let mut connection = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .connect()
            .await
            .expect("a new database");
        for step in 1..=schema {
            migrations::MIGRATIONS
                .run_to(step, &mut connection)
                .await
                .expect("migrated");
            if let Ok(rows) = fs::read_to_string(fixtures().join(format!("rows_{step:04}.sql"))) {
                sqlx::raw_sql(AssertSqlSafe(rows))
                    .execute(&mut connection)
                    .await
                    .expect("rows");
            }
        }
        sqlx::query("vacuum")
            .execute(&mut connection)
            .await
            .expect("vacuumed");
        // As a server leaves it.
        sqlx::query("pragma journal_mode = wal")
            .execute(&mut connection)
            .await
            .expect("wal");
        connection.close().await.expect("closed");
        let packed = zstd::encode_all(fs::read(&path).expect("the file").as_slice(), 19).expect("packed");
        fs::write(fixtures().join(format!("schema_{schema:04}.db.zst")), packed).expect("written");
    }
}

/// The hash that `unhex(printf('%064d', n))` writes, for a number below ten.
fn number(n: u8) -> [u8; 32] {
    let mut hash = [0; 32];
    hash[31] = n;
    hash
}

/// The files in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}
