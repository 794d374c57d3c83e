//! Middleware for every request: the log, security headers, the same-origin check, limits, and redirects for trailing slashes.

pub mod limits;
pub mod request_log;
pub mod security;
pub mod trailing_slash;
