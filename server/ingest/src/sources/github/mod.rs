//! GitHub: the stars of the repositories that papers link to, and whether these repositories still exist.

mod graph;
mod pass;
mod repository;
mod rest;
mod wire;

pub use pass::GitHub;
