//! Reading returned emails: what a mail server, or the provider of a reader who reported spam, says about an email of
//! ours.
//!
//! All of it was written by strangers. Nothing here changes anything: the caller must check first that a mark is
//! ours.

mod boxes;
mod fields;
mod parts;
mod read;
mod recipients;
mod report;

pub use boxes::{files, mails};
pub use read::read;
pub use report::{Action, Kind, NotAReport, Recipient, Report};
