//! What is available without a network.

use leptos::prelude::*;

/// The list of saved pages, and what a reader sees when the page they want is not saved. The service worker
/// (`frontend/sw.js`) fills in `#kept`, and shows `#missing` when it stands in for another page.
#[component]
pub fn OfflinePage() -> impl IntoView {
    view! {
        <main id="main" tabindex="-1"><div class="nothing">
            <h1>"Available offline"</h1>
            <p id="missing" class="notice bad" role="alert" hidden>
                "This page isn’t saved on this device, and Broadsheet can’t be reached. "<a href="">"Try again"</a>
            </p>
            <p>"The last 40 pages you opened and all your bookmarks are available offline. Bookmark changes sync when you’re back online."</p>
            <ul id="kept"><li>"Nothing yet."</li></ul>
        </div></main>
    }
    .into_any()
}
