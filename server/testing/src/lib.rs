//! What the tests of several packages share: a library in a file, papers to put into it, and a walk through a listing.

pub mod mailing;
pub mod simulated_sources;
pub mod smtp;
pub mod upstream;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use domain::{
    Listing, Paper, PaperKey, PaperPage,
    paper::{CounterReading, PaperCard, Source},
};
use ingest::ranking::rank;
use jiff::Timestamp;
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use store::{ReaderId, Store};
use tempfile::TempDir;

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

/// Follows `next` to the end and checks that each page fits the ones before it.
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
        "a paper was listed twice in {}",
        listing.url()
    );
    assert_eq!(total, Some(names.len() as u64), "the total of {}", listing.url());
    names
}

/// The time of these tests: noon.
pub fn now() -> Timestamp {
    at("2026-11-24T12:00:00Z")
}

/// A moment, as in RFC 3339.
pub fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

/// The key of a paper.
pub fn key(name: &str) -> PaperKey {
    name.parse().expect(name)
}

/// The listing of a query. Every parameter must be valid.
pub fn listing(query: &[(&str, &str)]) -> Listing {
    let asked = Listing::read(query.iter().copied());
    assert_eq!(asked.notices, Vec::<String>::new());
    asked.listing
}

/// A paper from arXiv with required fields only.
pub fn a_paper(id: &str) -> Paper {
    Paper {
        source: Source::Arxiv,
        arxiv_id: Some(id.parse().expect(id)),
        title: format!("Paper {}", id.replace(['.', '/'], " ")),
        ..Paper::default()
    }
}

/// A paper with a title only.
pub fn a_titled_paper(title: &str) -> Paper {
    Paper {
        title: title.to_owned(),
        ..Paper::default()
    }
}

/// Sets the fields of a paper.
pub trait PaperBuilder: Sized {
    /// The source.
    fn told_by(self, source: Source) -> Self;
    /// The title.
    fn titled(self, title: &str) -> Self;
    /// The abstract.
    fn with_abstract(self, text: &str) -> Self;
    /// The authors.
    fn by(self, authors: &[&str]) -> Self;
    /// The categories, separated by spaces.
    fn in_categories(self, categories: &str) -> Self;
    /// The day of publication.
    fn published(self, date: &str) -> Self;
    /// The URL of the code.
    fn with_code(self, url: &str) -> Self;
    /// Upvotes as read at a moment.
    fn with_upvotes(self, total: u32, seen_at: &str) -> Self;
    /// Stars as read at a moment.
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

/// Pseudo-random numbers that are the same on every run (SplitMix64, Steele, Lea and Flood 2014).
pub struct Dice(
    /// The state, at first the seed.
    pub u64,
);

impl Dice {
    /// A number from 0 to `sides - 1`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
    /// True once in `sides` times.
    pub fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len() as u64) as usize]
    }
}

/// A file of `../shared/data`, if it is there. It is not part of the repository.
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
