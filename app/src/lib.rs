//! What the reader sees, and the server functions behind it.
//!
//! Pages and components are plain Leptos views of plain values, rendered on the server only; every one of them works
//! without JavaScript. One island, [`behaviour::Behaviour`], adds to the finished page what needs a browser: endless
//! scrolling, keys, optimistic bookmarks. So the browser downloads no page code and no data twice.

// The type of a view holds the types of all its parts.
#![recursion_limit = "512"]

pub mod api;
pub mod behaviour;
pub mod error;

#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod links;
#[cfg(feature = "ssr")]
pub mod meta;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod render;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod shell;

pub use error::AppError;
