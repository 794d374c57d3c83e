//! Server functions, one file per noun: public endpoints under `/fn/`, each `POST` and safe to repeat.

mod bookmarks;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod form_table;
mod searches;
mod settings;
mod subscribers;

pub use bookmarks::{SetBookmark, set_bookmark};
#[cfg(feature = "ssr")]
pub use form::{Back, FormInput, FormRules, Refill, SettingsInput};
#[cfg(feature = "ssr")]
pub use form_table::form_rules;
pub use searches::{RemoveSearch, SaveSearch, remove_search, save_search};
pub use settings::{MarkRead, ReaderStates, SetReading, Stand, mark_read, reader_states, set_reading};
pub use subscribers::{DismissBanner, Subscribe, dismiss_banner, subscribe};
