//! Hugging Face daily papers: upvotes, the date of submission, code.

mod day;
mod pass;
mod wire;

pub use pass::HuggingFace;
