//! What all requests share.

mod app_state;
mod missing_papers;
mod news;
mod picture_cache;
mod rate_limits;
mod request_metrics;

pub use app_state::AppState;
pub use missing_papers::MissingPapers;
pub use news::{ListenerSlot, News};
pub use picture_cache::PictureCache;
pub use rate_limits::RateLimits;
pub use request_metrics::RequestMetrics;
