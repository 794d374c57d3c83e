//! Email and subscriptions: what a reader does to a subscription, composing and sending emails, and bounces.
//!
//! The way of an email: a digest is queued ([`digest`]), leased and sent ([`delivery`]) over SMTP ([`transport`]) at
//! a limited rate ([`pace`]). If it bounces, the report is read ([`bounces`]) and recorded ([`returns`]).

pub mod bounces;
pub mod compose;
pub mod delivery;
pub mod digest;
pub mod jobs;
pub mod pace;
pub mod returns;
pub mod schedule;
pub mod service;
pub mod status;
pub mod subscriptions;
pub mod transport;

pub use pace::{Pace, Rates};
pub use service::MailService;
