//! What answers a request: a file per noun, each handler who, what, answer.

pub mod absent;
pub mod assets;
pub mod bookmarks;
pub mod editions;
pub mod feed;
pub mod feeds;
pub mod forms;
pub mod health;
pub mod issues;
pub mod letters;
pub mod limits;
pub mod metrics;
pub mod news;
pub mod offline;
pub mod pages;
pub mod papers;
pub mod preferences;
pub mod security;
pub mod segment;
pub mod share;
pub mod sources;
pub mod subscribe;
pub mod views;
pub mod visitor;
