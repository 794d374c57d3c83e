//! Sending queued emails.
//!
//! A sender leases an email, tries it, and records how the try ended. A crash between the reply of the mail server
//! and the record repeats the email, with the same content and Message-ID. No email is lost.

mod attempt;
mod batch;
mod drafts;

pub use batch::Step;

pub(crate) use attempt::{longest_pause, record_refusal};
pub(crate) use drafts::{DigestEmail, digest_draft};
