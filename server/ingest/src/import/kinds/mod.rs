//! The kinds of records that `import` recognises. Each is read into a [`Paper`](domain::Paper).
//!
//! A record must have a title and a valid identifier. Any other field that is missing or malformed counts as missing.

mod arxiv;
mod authors;
mod categories;
mod dates;
mod export;
mod fields;
mod hugging_face;
mod json;
mod moments;
mod read;

pub(crate) use moments::Moments;
pub(crate) use read::read_record;
