//! All SQL: a file of queries per noun, over one SQLite file; and tokens and the clock.
//!
//! One connection writes, several read; in WAL mode readers never wait for the writer. A second process (an
//! `import` beside a running `serve`) waits its turn at the write lock instead of failing.

mod announcements;
mod backup;
mod bookmarks;
pub mod clock;
mod connection;
mod counts;
mod deliveries;
mod entered;
mod error;
mod frozen;
mod full_text;
mod issues;
mod jobs;
mod json;
mod listings;
mod maintenance;
mod merge;
mod merged_paper;
mod papers;
mod query;
mod rankings;
mod read_marks;
mod readers;
mod repositories;
mod saved_searches;
mod saving;
pub mod schema;
mod search_cache;
mod settings;
mod sitemaps;
mod sources;
mod store;
mod stored_ranking;
mod subscribers;
mod suppressions;
mod tally;
pub mod tokens;
mod validators;
mod walks;

pub use backup::backup;
pub use clock::Clock;
pub use deliveries::{EmailKind, EmailPaper, FinalState, LeasedEmail, NewDigest};
pub use entered::TOPS;
pub use error::{Result, StoreError};
pub use issues::{Chosen, Issue};
pub use listings::CARD_AUTHORS;
pub use maintenance::{Integrity, LibraryFacts};
pub use rankings::Signals;
pub use rankings::{Ranked, Ranking};
pub use read_marks::ReaderState;
pub use readers::ReaderId;
pub use repositories::Repository;
pub use saved_searches::{MAX_SAVED_SEARCHES, MAX_SEARCHES_PER_EMAIL};
pub use saving::SaveOutcome;
pub use saving::SourceBatch;
pub use sitemaps::SITEMAP_ROWS;
pub use sources::Checkpoint;
pub use sources::SourceRecord;
pub use store::Store;
pub use stored_ranking::StoredRanking;
pub use subscribers::{Confirmed, EmailTokens, Preferences, StoredEmail, Subscriber, SubscriptionRequest};
pub use tally::{SetAside, Summary, Tally};
pub use validators::Validators;

use json::{from_json, to_json};
