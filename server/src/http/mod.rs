//! HTTP: what answers a request, what handlers share, and what every request passes through.

pub mod assets;
pub mod guard;
pub mod handlers;
pub mod service_worker;
pub mod web;
