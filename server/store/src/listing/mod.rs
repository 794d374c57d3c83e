//! Listings: a page of papers for any filter and order, by keyset, never by offset.
//!
//! Every order but relevance is a *head* of papers that have the key (heat, upvotes, stars), largest first, followed
//! by a *tail* of those that do not, newest first; `sort=new` is all tail. Head and tail each walk one index of the slim
//! `listings` rows. `indexed by` makes SQLite refuse a plan without that index.
//!
//! A reader who follows "next" continues in the library as it was when they opened the first page (`as_of`): pages
//! neither repeat nor skip a paper, whatever is imported in between. Only the words of a search are those of today.

mod as_of;
mod changes;
mod count;
mod filter;
mod full_text;
mod news;
mod page;
mod place;
mod plans;
mod query;
mod relevance;
mod search_cache;
mod signal;
mod sql;
mod start;
mod trending;
mod walk;

pub use page::CARD_AUTHORS;
#[doc(hidden)]
pub use plans::statements;

pub(crate) use as_of::AsOf;
pub(crate) use filter::Filter;
pub(crate) use query::Query;
pub(crate) use search_cache::Searches;
pub(crate) use signal::stored_signal;
