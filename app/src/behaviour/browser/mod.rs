//! The part of the behaviour that needs a browser.

mod auto_read;
mod banner;
mod bookmark;
mod cards;
mod connection;
mod connection_line;
mod cookies;
mod debounce;
mod density;
mod dom;
mod fragment;
mod keys;
mod keys_help;
mod listing;
mod muted;
mod news;
mod passed;
mod pending;
mod place;
mod placeholder;
mod post;
mod read_marks;
mod reader_states;
mod share;
mod start;
mod theme;
mod toast;
mod turn;
mod worker;

pub use start::start;
