//! Email addresses: the type, and how to find an address in typed text.

mod address;
mod domain_name;
mod invalid;
mod typed;

pub use address::EmailAddress;
pub use domain_name::ascii_domain;
pub use invalid::InvalidEmail;
