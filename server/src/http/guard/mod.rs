//! What every request passes through: security headers, the same-origin check, and limits.

pub mod limits;
pub mod security;
