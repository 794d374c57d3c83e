//! Email and subscriptions: composing and sending, the digest, bounces, and what a reader does to a subscription.

pub mod bounces;
pub mod digest;
pub mod jobs;
pub mod transport;
