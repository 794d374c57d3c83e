//! The digest: which papers a subscriber gets, and when it is queued.

mod choose;
mod issue;
mod preview;
mod queue;

pub use preview::Preview;
