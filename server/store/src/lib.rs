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
mod delivery_leases;
mod delivery_state;
mod error;
mod facts;
mod issues;
mod jobs;
mod json;
mod leftovers;
mod listing;
mod maintenance;
mod names;
mod papers;
mod plain_texts;
pub mod private_file;
mod rankings;
mod read_marks;
mod readers;
mod repositories;
mod restore;
mod saved_searches;
mod saving;
pub mod schema;
mod secret_place;
mod settings;
mod sitemaps;
mod sources;
mod store;
mod subscriber;
mod subscribers;
mod subscription_requests;
mod subscriptions;
mod suppressions;
mod tally;
pub mod tokens;
mod validators;
mod write_transaction;

pub use backup::backup;
pub use clock::Clock;
pub use deliveries::{EmailTokens, NewDigest, StoredEmail};
pub use delivery_leases::{EmailPaper, LeasedEmail};
pub use delivery_state::{DeliveryState, EmailKind, FinalState};
pub use error::{Result, StoreError};
pub use facts::LibraryFacts;
pub use issues::{Chosen, Issue};
pub use listing::CARD_AUTHORS;
#[doc(hidden)]
pub use listing::statements;
pub use maintenance::Integrity;
pub use plain_texts::SourceTexts;
pub use rankings::{Ranked, Ranking, Signals, StoredRanking, TOPS};
pub use read_marks::ReaderState;
pub use readers::ReaderId;
pub use repositories::Repository;
pub use restore::restore;
pub use saved_searches::MAX_SAVED_SEARCHES;
pub use saving::{SaveOutcome, SourceBatch};
pub use secret_place::{SecretPlace, secret_place};
pub use sitemaps::SITEMAP_ROWS;
pub use sources::{Checkpoint, SourceRecord};
pub use store::Store;
pub use subscriber::Subscriber;
pub use subscribers::Preferences;
pub use subscription_requests::{
    ConfirmationEmail, OpenConfirmation, RequestedSubscriber, SubscriptionRequest,
};
pub use subscriptions::MAX_SEARCHES_PER_EMAIL;
pub use suppressions::{AddressHash, Refusal};
pub use tally::{SetAside, Summary, Tally};
pub use validators::Validators;
pub use write_transaction::WriteTransaction;

use json::{from_json, to_json};
