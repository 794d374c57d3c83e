//! All SQL: a file or folder of queries for each noun, over one SQLite file. Also tokens and the clock.
//!
//! One connection writes, several read. In WAL mode readers never wait for the writer. A second process, such as an
//! `import` beside a running `serve`, waits for the write lock instead of failing.

mod announcements;
mod backup;
mod bookmarks;
pub mod clock;
mod connection;
mod counts;
mod deliveries;
mod error;
mod facts;
mod issues;
mod jobs;
mod json;
mod listing;
mod maintenance;
mod papers;
mod rankings;
mod read_marks;
mod readers;
mod repositories;
mod saved_searches;
mod saving;
pub mod schema;
mod settings;
mod sitemaps;
mod sources;
mod store;
mod subscribers;
mod suppressions;
mod tally;
pub mod tokens;
mod validators;

pub use backup::backup;
pub use clock::Clock;
pub use deliveries::{EmailKind, EmailPaper, FinalState, LeasedEmail, NewDigest};
pub use error::{Result, StoreError};
pub use facts::LibraryFacts;
pub use issues::{Chosen, Issue};
pub use listing::CARD_AUTHORS;
#[doc(hidden)]
pub use listing::statements;
pub use maintenance::Integrity;
pub use rankings::{Ranked, Ranking, Signals, StoredRanking, TOPS};
pub use read_marks::ReaderState;
pub use readers::ReaderId;
pub use repositories::Repository;
pub use saved_searches::{MAX_SAVED_SEARCHES, MAX_SEARCHES_PER_EMAIL};
pub use saving::{SaveOutcome, SourceBatch};
pub use sitemaps::SITEMAP_ROWS;
pub use sources::{Checkpoint, SourceRecord};
pub use store::Store;
pub use subscribers::{Confirmed, EmailTokens, Preferences, StoredEmail, Subscriber, SubscriptionRequest};
pub use tally::{SetAside, Summary, Tally};
pub use validators::Validators;

use json::{from_json, to_json};
