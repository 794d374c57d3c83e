//! The pages that readers see, and the server functions behind their forms.
//!
//! Pages and components are Leptos views of plain values. They are rendered on the server only, and all work without
//! JavaScript. One island, [`behaviour::Behaviour`], adds what needs a browser: endless scrolling, keyboard shortcuts,
//! instant bookmarks. So the browser downloads no page code, and no data twice.

// The type of a view contains the types of all its parts.
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
