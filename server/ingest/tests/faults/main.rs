//! Everything that can go wrong with a source: what is still stored, when the next request is sent, and what the page about
//! the sources shows.

mod arxiv_api;
mod arxiv_oai;
mod arxiv_rss;
mod fixture;
mod github;
mod hugging_face;
mod jobs;
mod requests;
