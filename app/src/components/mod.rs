//! Parts of pages: plain values in, a view out. They fetch nothing.

mod card;
mod filters;
mod heat;
mod listing;
mod pieces;
mod signal;
mod text;
mod zone_field;

pub(crate) use card::date_words;
pub use card::{BookmarkForm, Card, CardMark};
pub use filters::active as active_filters;
pub use filters::{FilterBar, SearchForm};
pub use heat::{HeatLine, HeatTable};
pub use listing::{Feed, FeedProps};
pub use pieces::{Authors, Nothing, Notices, Stars, Upvotes, Wider};
pub use signal::{Announced, Code, Total};
pub(crate) use signal::{announced_words, code_words};
pub use text::{Within, escape, rich, title_text};
pub use zone_field::ZoneField;
