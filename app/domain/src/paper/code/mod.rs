//! The code repository of a paper, and how to find it in an abstract.

mod host;
mod link;
mod repository;
mod url_text;

pub use link::code_link;
pub use repository::{CodeLink, CodeOrigin, CodeState};
