//! The types of Broadsheet and its pure rules: papers, listings, searches, editions, heat. Everything here is a plain
//! value or a pure function. It does no I/O and uses no framework, so the server, the browser and every test share it.

#[macro_use]
mod codes;

pub mod arxiv;
pub mod calendar;
pub mod category;
pub mod citation;
pub mod cursor;
pub mod digest_schedule;
pub mod doi;
pub mod edition;
pub mod email;
mod escapes;
pub mod fold;
pub mod job_run;
pub mod listing;
pub mod listing_query;
pub mod marks;
pub mod name;
pub mod page;
pub mod paper;
pub mod pasted_text;
pub mod ranking;
pub mod reading_settings;
pub mod saved_search;
pub mod search;
pub mod subscriber_state;
pub mod suppression;
pub mod text;
pub mod upstream;

pub use arxiv::ArxivId;
pub use category::Category;
pub use codes::UnknownCode;
pub use cursor::{Cursor, ListStart};
pub use digest_schedule::{Days, DigestSchedule};
pub use edition::Edition;
pub use email::EmailAddress;
pub use job_run::JobRun;
pub use listing::{Listing, Sort, Window};
pub use listing_query::ListingQuery;
pub use marks::Marks;
pub use name::{Name, NameParts};
pub use page::{Newest, Page, PaperPage};
pub use paper::{Paper, PaperKey};
pub use reading_settings::{Density, Mutes, ReadMarking};
pub use saved_search::SavedSearch;
pub use search::SearchQuery;
pub use subscriber_state::SubscriberState;
pub use suppression::Suppression;
pub use upstream::Upstream;
