//! What can be read without a network.

use leptos::prelude::*;

/// The page for a page that is not kept, and the list of those that are. The service worker (`frontend/sw.js`) puts the
/// list in place of `#kept`, and shows `#missing` when another page was asked for.
#[component]
pub fn OfflinePage() -> impl IntoView {
    view! {
        <main id="main" tabindex="-1"><div class="nothing">
            <h1>"What can be read offline"</h1>
            <p id="missing" class="notice bad" role="alert" hidden>
                "The page you asked for is not kept on this device, and Broadsheet cannot be reached. "<a href="">"Try again"</a>
            </p>
            <p>"Pages stay on this device as you open them, the last forty of them, and so do all your bookmarks. Changes to bookmarks are sent when there is a network again."</p>
            <ul id="kept"><li>"Nothing yet."</li></ul>
        </div></main>
    }
    .into_any()
}
