//! Server functions, one file per noun: public endpoints under `/fn/`, each `POST` and safe to repeat.

mod bookmarks;
mod reading;
mod subscribers;
mod views;

pub use bookmarks::{SetBookmark, set_bookmark};
pub use reading::{MarkRead, SetReading, Stand, Standings, mark_read, set_reading, standings};
pub use subscribers::{DismissBanner, Subscribe, dismiss_banner, subscribe};
pub use views::{DropView, SaveView, drop_view, save_view};
