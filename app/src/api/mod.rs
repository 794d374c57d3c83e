//! Server functions, one file per noun: public endpoints under `/fn/`, each a `POST` that is safe to repeat.

mod bookmarks;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod form_table;
mod read_marks;
mod searches;
mod settings;
mod subscribers;

pub use bookmarks::{SetBookmark, set_bookmark};
#[cfg(feature = "ssr")]
pub use form::{Back, FormInput, FormRules, Refill, SettingsInput};
#[cfg(feature = "ssr")]
pub use form_table::form_rules;
pub use read_marks::{MarkRead, ReaderState, ReaderStates, mark_read, reader_states};
pub use searches::{RemoveSearch, SaveSearch, remove_search, save_search};
pub use settings::{SetSettings, set_settings};
pub use subscribers::{DismissBanner, Subscribe, dismiss_banner, subscribe};
