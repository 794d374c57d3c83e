//! What scripts add to a page that already works without them: the one island.
//!
//! The code listens on the document, so cards that are appended later behave like the first ones. It acts through the
//! page's own markup: it submits the real forms and follows the real links.

#[cfg(target_arch = "wasm32")]
mod browser;
mod island;
/// Rules of the behaviour that need no browser, so that tests can run without one.
#[cfg(any(test, target_arch = "wasm32"))]
mod pure;

pub use island::Behaviour;
