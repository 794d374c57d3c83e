//! A library in a file.

use std::path::{Path, PathBuf};

use domain::{Listing, Paper, PaperPage, paper::PaperCard};
use ingest::ranking::rank;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{ReaderId, Store};
use tempfile::TempDir;

use super::{
    values::{key, listing, now},
    walk::walk,
};

/// A store over a database file in a temporary folder, which is deleted when the test ends.
pub struct Library {
    /// The store.
    pub store: Store,
    /// The database file.
    pub path: PathBuf,
    _folder: TempDir,
}

impl Library {
    /// An empty library.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("library.db");
        Self {
            store: Store::open(&path).await.expect("a new database"),
            path,
            _folder: folder,
        }
    }

    /// With these papers.
    pub async fn of(papers: &[Paper]) -> Self {
        let library = Self::new().await;
        library.save_papers(papers).await;
        library
    }

    /// With the built-in sample, ranked.
    pub async fn of_the_sample() -> Self {
        let library = Self::new().await;
        ingest::sample::load_sample(&library.store, now())
            .await
            .expect("the sample");
        rank(&library.store, now()).await.expect("a rank run");
        library
    }

    /// Saves papers at noon.
    pub async fn save_papers(&self, papers: &[Paper]) -> Vec<store::SaveOutcome> {
        self.store.save_papers(papers, now()).await.expect("saved")
    }

    /// Closes the database and opens it again, like a restart.
    pub async fn reopened(self) -> Self {
        self.store.close().await;
        Self {
            store: Store::open(&self.path).await.expect("the same database"),
            ..self
        }
    }

    /// A second connection, to read rows that the store does not show.
    pub async fn beside(&self) -> SqliteConnection {
        connect(&self.path).await
    }

    /// The number that a query answers.
    pub async fn number(&self, sql: &'static str) -> i64 {
        let mut beside = self.beside().await;
        let number = sqlx::query_scalar(sql).fetch_one(&mut beside).await.expect(sql);
        beside.close().await.expect("closed");
        number
    }

    /// The row id of a paper.
    pub async fn id(&self, name: &str) -> i64 {
        self.store
            .paper_id(&key(name))
            .await
            .expect("answer")
            .unwrap_or_else(|| panic!("no paper {name}"))
    }

    /// The page of a paper.
    pub async fn paper(&self, name: &str) -> PaperPage {
        self.store
            .paper(&key(name), None)
            .await
            .expect("answer")
            .unwrap_or_else(|| panic!("no paper {name}"))
    }

    /// The card of a paper.
    pub async fn card(&self, name: &str) -> PaperCard {
        self.paper(name).await.card
    }

    /// A new reader. Each number makes another one.
    pub async fn reader(&self, number: u8) -> ReaderId {
        self.store
            .add_reader(&[number; 32], now().as_second())
            .await
            .expect("a reader")
    }

    /// The keys of all papers of a listing, in order. It follows `next` through URLs, as a browser does.
    pub async fn walk(&self, listing: &Listing) -> Vec<String> {
        walk(&self.store, listing, now()).await
    }

    /// [`Library::walk`] for the query of a URL.
    pub async fn walk_url(&self, query: &[(&str, &str)]) -> Vec<String> {
        self.walk(&listing(query)).await
    }

    /// Checks the database: no damage, no dangling rows, and indexes that agree with the papers.
    pub async fn assert_sound(&self) {
        assert_eq!(
            self.store.integrity().await.expect("checked"),
            store::Integrity::default()
        );
        assert_eq!(self.number("select count(*) from listings l where not exists (select 1 from papers p where p.id = l.paper_id and p.announced = l.announced)").await, 0);
        assert_eq!(self.number("select count(*) from papers p where author_count <> (select count(*) from paper_authors a where a.paper_id = p.id)").await, 0);
        assert_eq!(
            self.number("select count(*) from papers p join listings l on l.paper_id = p.id where l.upvotes <> coalesce(p.upvotes, 0) or l.stars <> coalesce(p.stars, 0) or l.has_code <> (p.code_url is not null)").await,
            0
        );
    }
}

/// A connection to a database file.
pub async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .connect()
        .await
        .expect("a connection")
}
