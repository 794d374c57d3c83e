//! What answers a request: a file per noun, each handler who, what, answer.

pub mod assets;
pub mod bookmarks;
pub mod editions;
pub mod feed;
pub mod forms;
pub mod health;
pub mod letters;
pub mod limits;
pub mod pages;
pub mod papers;
pub mod security;
pub mod segment;
pub mod subscribe;
pub mod visitor;
