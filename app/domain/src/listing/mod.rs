//! A listing: what a reader asks to see. [`Listing::read`] reads one from a URL, [`Listing::url`] writes it back.

mod label;
mod limits;
mod model;
mod order;
mod parse;
mod url;

pub use limits::{COUNTED_TO, FIRST_PAGE, MOST_CATEGORIES, PAGE_SIZE};
pub use model::Listing;
pub use order::{Sort, Window};
pub use parse::ParsedListing;
pub use url::push_encoded;
