//! The island itself.

use leptos::prelude::*;

/// Endless scrolling, keyboard shortcuts, instant bookmarks, theme. Renders nothing.
#[island]
pub fn Behaviour() -> impl IntoView {
    #[cfg(target_arch = "wasm32")]
    super::browser::start();
}
