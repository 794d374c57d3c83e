//! The foot of every page.

use leptos::prelude::*;

use crate::links;

/// Links to the pages that need no place in the masthead, and the thanks that arXiv asks for.
#[component]
pub(super) fn Footer() -> impl IntoView {
    view! {
        <footer class="foot">
            <ul>
                <li><a href="/about/ranking">"Ranking"</a></li>
                <li><a href="/about/sources">"Sources"</a></li>
                <li><a href="/subscribe">"Email digest"</a></li>
                <li><a href="/bookmarks">"Bookmarks"</a></li>
                <li><a href=links::SEARCHES>"Saved searches"</a></li>
                <li><a href=links::SETTINGS>"Settings"</a></li>
            </ul>
            <p>
                "Titles, abstracts and authors are arXiv metadata ("<a href="https://creativecommons.org/publicdomain/zero/1.0/">"CC0"</a>
                "). Thank you to arXiv for use of its open access interoperability. No tracking."
            </p>
        </footer>
    }
    .into_any()
}
