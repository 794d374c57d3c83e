//! One file per kind of page: values in, the content between masthead and footer out.

mod about;
mod bookmarks;
mod feed;
mod issue;
mod letters;
mod offline;
mod paper;
mod preferences;
mod reading;
mod share;
mod sources;
mod subscribe;
mod trouble;
mod views;

pub use about::{RankingPage, RankingPageProps};
pub use bookmarks::{BookmarksPage, BookmarksPageProps};
pub use feed::{EditionNav, End, EndProps, FeedPage, FeedPageProps, FeedView};
pub use issue::{IssuePage, IssuePageProps, IssueView};
pub use letters::{
    ConfirmPage, ConfirmPageProps, ConfirmState, UnsubscribePage, UnsubscribePageProps, UnsubscribeState,
};
pub use offline::OfflinePage;
pub use paper::{PaperView, PaperViewProps};
pub use preferences::{ListField, PreferencesForm, PreferencesPage, PreferencesPageProps, PreferencesState};
pub use reading::{ReadingPage, ReadingPageProps, mutes_as_typed};
pub use share::{SharePage, SharePageProps, ShareState};
pub use sources::{SourcesPage, SourcesPageProps, trouble_words};
pub use subscribe::{SubscribeForm, SubscribePage, SubscribePageProps, SubscribeState, suppressed_words};
pub use trouble::{TroublePage, TroublePageProps};
pub use views::{ViewsPage, ViewsPageProps};
