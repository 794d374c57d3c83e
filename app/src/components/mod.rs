//! Parts of pages: plain values in, a view out. They load nothing.

mod announcement;
mod authors;
mod bookmark_form;
mod card;
mod card_list;
mod code;
mod counts;
mod dates;
mod filter_bar;
mod filter_chips;
mod filter_form;
mod heat;
mod no_results;
mod notices;
mod rich_text;
mod search_form;
mod tabs;
mod total;

pub use announcement::Announced;
pub(crate) use announcement::announcement_label;
pub use authors::Authors;
pub use bookmark_form::BookmarkForm;
pub use card::{Card, CardMark};
pub use card_list::{CardList, CardListProps};
pub use code::Code;
pub(crate) use code::code_label;
pub(crate) use dates::date_label;
pub use filter_bar::FilterBar;
pub use filter_chips::active_filters;
pub use heat::{HeatLine, HeatTable};
pub use no_results::{NoResults, Wider};
pub use notices::Notices;
pub use rich_text::{Within, escape, rich, title_text};
pub use search_form::SearchForm;
pub use total::Total;
