//! Server functions, one file per noun: public endpoints under `/fn/`, each a `POST` that is safe to repeat.

mod bookmarks;
mod read_marks;
mod searches;
mod settings;
mod subscribers;

pub use bookmarks::{SetBookmark, set_bookmark};
pub use read_marks::{MarkRead, ReaderState, ReaderStates, mark_read, reader_states};
pub use searches::{RemoveSearch, SaveSearch, remove_search, save_search};
pub use settings::{SetSettings, set_settings};
pub use subscribers::{DismissBanner, Subscribe, dismiss_banner, subscribe};
