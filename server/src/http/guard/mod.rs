//! Middleware for every request: security headers, the same-origin check, limits, and redirects for trailing slashes.

pub mod clients;
pub mod limits;
pub mod security;
pub mod trailing_slash;
