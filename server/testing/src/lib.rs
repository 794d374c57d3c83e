//! What the tests of this room share: a library on a real file, papers to put into it, and a walk through a listing.
#![allow(
    dead_code,
    reason = "each test file is a program of its own and uses a part of this"
)]

pub mod office;
pub mod smtp;
pub mod upstream;
pub mod world;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use domain::PaperPage;
use domain::{
    Listing, Paper, PaperKey,
    paper::{CounterReading, PaperCard, Source},
};
use ingest::ranking::rank;
use jiff::Timestamp;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::ReaderId;
use store::Store;
use tempfile::TempDir;

/// A store over a database file in a folder of its own, which goes when the test ends.
pub struct Library {
    pub store: Store,
    pub path: PathBuf,
    _folder: TempDir,
}

impl Library {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("library.db");
        Self {
            store: Store::open(&path).await.expect("a new database"),
            path,
            _folder: folder,
        }
    }

    pub async fn of(papers: &[Paper]) -> Self {
        let library = Self::new().await;
        library.save_papers(papers).await;
        library
    }

    /// The built-in sample, ranked.
    pub async fn of_the_sample() -> Self {
        let library = Self::new().await;
        ingest::sample::load_sample(&library.store, now())
            .await
            .expect("the sample");
        rank(&library.store, now()).await.expect("a rank run");
        library
    }

    pub async fn save_papers(&self, papers: &[Paper]) -> Vec<store::SaveOutcome> {
        self.store.save_papers(papers, now()).await.expect("told")
    }

    /// Closes the database and opens it again, as the next start of the program does.
    pub async fn reopened(self) -> Self {
        self.store.close().await;
        Self {
            store: Store::open(&self.path).await.expect("the same database"),
            ..self
        }
    }

    /// A connection beside the store's, to look at rows the store does not show.
    pub async fn beside(&self) -> SqliteConnection {
        connect(&self.path).await
    }

    /// One number out of the database.
    pub async fn number(&self, sql: &'static str) -> i64 {
        let mut beside = self.beside().await;
        let number = sqlx::query_scalar(sql).fetch_one(&mut beside).await.expect(sql);
        beside.close().await.expect("closed");
        number
    }

    pub async fn id(&self, name: &str) -> i64 {
        self.store
            .paper_id(&key(name))
            .await
            .expect("answer")
            .unwrap_or_else(|| panic!("no paper {name}"))
    }

    pub async fn paper(&self, name: &str) -> PaperPage {
        self.store
            .paper(&key(name), None)
            .await
            .expect("answer")
            .unwrap_or_else(|| panic!("no paper {name}"))
    }

    pub async fn card(&self, name: &str) -> PaperCard {
        self.paper(name).await.card
    }

    pub async fn reader(&self, number: u8) -> ReaderId {
        self.store
            .add_reader(&[number; 32], now().as_second())
            .await
            .expect("a reader")
    }

    /// The names of a whole listing, in order, by following `next` as a browser does: through the URL.
    pub async fn walk(&self, listing: &Listing) -> Vec<String> {
        walk(&self.store, listing, now()).await
    }

    /// The same for the query of a URL.
    pub async fn walk_url(&self, query: &[(&str, &str)]) -> Vec<String> {
        self.walk(&listing(query)).await
    }

    /// Everything the file promises of itself: no damage, no dangling row, the index agrees with the papers.
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

pub async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .connect()
        .await
        .expect("a connection")
}

/// Follows `next` to the end. Each page must fit the ones before it.
pub async fn walk(store: &Store, listing: &Listing, now: Timestamp) -> Vec<String> {
    let (mut names, mut after, mut total) = (Vec::new(), None, None);
    loop {
        let page = store.list(listing, after, None, now).await.expect("a page");
        assert_eq!(page.seen as usize, names.len(), "{}", listing.url());
        assert_eq!(page.notices, Vec::<String>::new(), "{}", listing.url());
        names.extend(page.cards.iter().map(|card| card.key.to_string()));
        total = total.or(Some(page.total));
        let Some(next) = page.next else { break };
        assert_eq!(
            page.cards.len(),
            domain::listing::PAGE_SIZE,
            "a page before another is full: {}",
            listing.url()
        );
        after = Some(listing.cursor(&next.to_string()).expect("its own cursor"));
        assert!(names.len() < 100_000, "{} does not end", listing.url());
    }
    let distinct: HashSet<&String> = names.iter().collect();
    assert_eq!(
        distinct.len(),
        names.len(),
        "a paper came twice in {}",
        listing.url()
    );
    assert_eq!(total, Some(names.len() as u64), "the total of {}", listing.url());
    names
}

/// The noon at which these tests take place.
pub fn now() -> Timestamp {
    at("2026-11-24T12:00:00Z")
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

pub fn key(name: &str) -> PaperKey {
    name.parse().expect(name)
}

pub fn listing(query: &[(&str, &str)]) -> Listing {
    let asked = Listing::read(query.iter().copied());
    assert_eq!(asked.notices, Vec::<String>::new());
    asked.listing
}

/// A paper as arXiv tells it, with no more than it must have.
pub fn a_paper(id: &str) -> Paper {
    Paper {
        source: Source::Arxiv,
        arxiv_id: Some(id.parse().expect(id)),
        title: format!("Paper {}", id.replace(['.', '/'], " ")),
        ..Paper::default()
    }
}

/// A paper known by its title only.
pub fn a_titled_paper(title: &str) -> Paper {
    Paper {
        title: title.to_owned(),
        ..Paper::default()
    }
}

/// What a test says of a paper.
pub trait PaperBuilder: Sized {
    fn told_by(self, source: Source) -> Self;
    fn titled(self, title: &str) -> Self;
    fn with_abstract(self, text: &str) -> Self;
    fn by(self, authors: &[&str]) -> Self;
    fn in_categories(self, categories: &str) -> Self;
    fn published(self, date: &str) -> Self;
    fn with_code(self, url: &str) -> Self;
    fn with_upvotes(self, total: u32, seen_at: &str) -> Self;
    fn with_stars(self, total: u32, seen_at: &str) -> Self;
}

impl PaperBuilder for Paper {
    fn told_by(self, source: Source) -> Self {
        Self { source, ..self }
    }
    fn titled(self, title: &str) -> Self {
        Self {
            title: title.to_owned(),
            ..self
        }
    }
    fn with_abstract(self, text: &str) -> Self {
        Self {
            abstract_text: text.to_owned(),
            ..self
        }
    }
    fn by(self, authors: &[&str]) -> Self {
        Self {
            authors: authors.iter().map(|name| (*name).to_owned()).collect(),
            ..self
        }
    }
    fn in_categories(self, categories: &str) -> Self {
        Self {
            categories: categories
                .split(' ')
                .map(|name| name.parse().expect(name))
                .collect(),
            ..self
        }
    }
    fn published(self, date: &str) -> Self {
        Self {
            published: Some(date.parse().expect(date)),
            ..self
        }
    }
    fn with_code(self, url: &str) -> Self {
        Self {
            code_url: Some(url.to_owned()),
            ..self
        }
    }
    fn with_upvotes(self, total: u32, seen_at: &str) -> Self {
        Self {
            upvotes: Some(CounterReading {
                at: at(seen_at),
                total,
            }),
            ..self
        }
    }
    fn with_stars(self, total: u32, seen_at: &str) -> Self {
        Self {
            stars: Some(CounterReading {
                at: at(seen_at),
                total,
            }),
            ..self
        }
    }
}

/// Chance that is the same on every run (SplitMix64, Steele, Lea and Flood 2014).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
    pub fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len() as u64) as usize]
    }
}

/// A file of `../shared/data`, which lies beside the workspace on our machines and not in a clone.
pub fn shared_data(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    let found = path.exists().then_some(path);
    if found.is_none() {
        println!("skipped: no ../shared/data/{name}");
    }
    found
}
