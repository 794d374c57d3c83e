//! What a reader does to a subscription: request, confirm, unsubscribe, change preferences. Every change is one
//! transaction.

mod confirm;
mod preferences;
mod request;
mod unsubscribe;

pub use confirm::{BrowserReader, ConfirmOutcome, Confirmation, ConfirmationPage, schedule_and_length};
pub use preferences::{ChosenSearches, PAPERS_PER_SEARCH, PreferencesChange, PreferencesOutcome};
pub use request::SubscribeOutcome;
pub use unsubscribe::UnsubscribedBy;
