//! One file per kind of page: values in, the content between masthead and footer out.

mod about;
mod bookmarks;
mod confirm;
mod error;
mod issue;
mod listing;
mod offline;
mod paper;
mod preferences;
mod searches;
mod settings;
mod share;
mod sources;
mod subscribe;

pub use about::{RankingPage, RankingPageProps};
pub use bookmarks::{BookmarksPage, BookmarksPageProps};
pub use confirm::{
    ConfirmPage, ConfirmPageProps, ConfirmState, UnsubscribePage, UnsubscribePageProps, UnsubscribeState,
};
pub use error::{ErrorPage, ErrorPageProps};
pub use issue::{IssuePage, IssuePageProps, IssueView};
pub use listing::{EditionNav, End, EndProps, ListingPage, ListingPageProps, ListingView};
pub use offline::OfflinePage;
pub use paper::{PaperView, PaperViewProps};
pub use preferences::{PreferencesForm, PreferencesPage, PreferencesPageProps, PreferencesState, SearchField};
pub use searches::{SearchesPage, SearchesPageProps};
pub use settings::{SettingsPage, SettingsPageProps, mutes_as_typed};
pub use share::{SharePage, SharePageProps, ShareState};
pub use sources::{SourcesPage, SourcesPageProps, trouble_words};
pub use subscribe::{SubscribeForm, SubscribePage, SubscribePageProps, SubscribeState, suppression_notice};
