//! Server functions, one file per noun: public endpoints under `/fn/`, each `POST` and safe to repeat.

mod bookmarks;
mod searches;
mod settings;
mod subscribers;

pub use bookmarks::{SetBookmark, set_bookmark};
pub use searches::{RemoveSearch, SaveSearch, remove_search, save_search};
pub use settings::{MarkRead, ReaderStates, SetReading, Stand, mark_read, reader_states, set_reading};
pub use subscribers::{DismissBanner, Subscribe, dismiss_banner, subscribe};
