//! One file per kind of page: values in, the content between masthead and footer out.

mod bookmarks;
mod confirm;
mod edition;
mod error;
mod issue;
mod listing;
mod listing_aside;
mod offline;
mod paper;
mod paper_details;
mod preferences;
mod ranking;
mod result_label;
mod searches;
mod settings;
mod share;
mod source_status;
mod sources;
mod subscribe;
mod unsubscribe;

pub use bookmarks::{BookmarksPage, BookmarksPageProps};
pub use confirm::{ConfirmPage, ConfirmPageProps, ConfirmState};
pub use edition::EditionNav;
pub use error::{ErrorPage, ErrorPageProps};
pub use issue::{IssuePage, IssuePageProps, IssueView};
pub use listing::{AbsentPaper, End, EndProps, ListingPage, ListingPageProps, ListingView};
pub use offline::OfflinePage;
pub use paper::{PaperView, PaperViewProps};
pub use preferences::{
    PreferencesForm, PreferencesPage, PreferencesPageProps, PreferencesState, SearchField,
};
pub use ranking::{RankingPage, RankingPageProps};
pub use searches::{SearchesPage, SearchesPageProps};
pub use settings::{SettingsPage, SettingsPageProps, mutes_as_typed};
pub use share::{SharePage, SharePageProps, ShareState};
pub use source_status::source_warning;
pub use sources::{SourcesPage, SourcesPageProps};
pub use subscribe::{SubscribeForm, SubscribePage, SubscribePageProps, SubscribeState, suppression_notice};
pub use unsubscribe::{UnsubscribePage, UnsubscribePageProps, UnsubscribeState};
