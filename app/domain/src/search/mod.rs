//! The search language: the text of the search box as terms and filters. No text is an error. A part that cannot be
//! understood is named in [`SearchQuery::ignored`] or searched as plain words.

mod query;
mod token;

pub use query::{LONGEST_QUERY, MOST_PHRASE_WORDS, MOST_TERMS, Place, SearchQuery, Term};
