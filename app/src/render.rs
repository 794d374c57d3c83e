//! From a view to the text of a page.
//!
//! Pages load their data first and render once, in order, without a router or suspense: the answer's status is known
//! before its first byte, nothing is sent twice, and a page costs a third of the stock pipeline
//! (`shared/PERFORMANCE.md`). Islands are rendered as in any Leptos page.

use std::sync::Arc;

use hydration_context::{SharedContext, SsrSharedContext};
use leptos::prelude::*;

/// Renders a view to HTML.
pub fn to_html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let shared: Arc<dyn SharedContext + Send + Sync> = Arc::new(SsrSharedContext::new_islands());
    let owner = Owner::new_root(Some(shared));
    let html = owner.with(|| view().into_view().to_html());
    owner.cleanup();
    without_marks(html)
}

/// Leptos marks with empty comments where its own pieces begin, to find them again in the browser. Only islands are
/// looked through there, and theirs stay.
fn without_marks(html: String) -> String {
    match html.split_once("<leptos-island") {
        Some((plain, islands)) => format!("{}<leptos-island{islands}", plain.replace("<!>", "")),
        None => html.replace("<!>", ""),
    }
}
