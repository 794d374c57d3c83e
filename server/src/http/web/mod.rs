//! What handlers share: who sends the request, what it asks for, and the form of the answer.

pub mod conditional;
pub mod cookies;
pub mod error_pages;
pub mod form_body;
pub mod nonce;
pub mod page;
pub mod page_error;
pub mod peer;
pub mod query;
pub mod request_id;
pub mod responses;
pub mod segment;
pub mod visitor;
