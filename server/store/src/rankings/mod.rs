//! Rank runs: the order of the papers with heat, for each run and window.

mod cache;
mod load;
mod ranking;
mod runs;
mod signals;
mod stored;
mod top_entries;

pub use ranking::{Ranked, Ranking};
pub use signals::Signals;
pub use stored::StoredRanking;
pub use top_entries::TOPS;

pub(crate) use cache::Cache;
pub(crate) use runs::KEPT_SECONDS;
