//! The buttons that bookmark a paper and mark it as read.

use domain::PaperKey;
use leptos::prelude::*;

/// A form that works without scripts. Style shows one of each button's two labels, by `aria-pressed`.
#[component]
pub fn BookmarkForm(
    key: PaperKey,
    bookmarked: bool,
    /// Whether the paper is read; `None` leaves out that button.
    #[prop(optional_no_strip)]
    read: Option<bool>,
    /// Where a reader without scripts goes next; by default back to the page they came from.
    #[prop(optional_no_strip)]
    back: Option<String>,
) -> impl IntoView {
    view! {
        <form class="bookmark" method="post" action="/fn/bookmark">
            <input type="hidden" name="paper" value=key.to_string()/>
            <input type="hidden" name="bookmarked" value=(!bookmarked).to_string()/>
            {back.map(|back| view! { <input type="hidden" name="back" value=back/> })}
            {read.map(|read| view! {
                <button class="read plain" formaction="/fn/mark_read" name="read" value=(!read).to_string() aria-pressed=read.to_string()><span class="unmarked">"Mark as read"</span><span class="marked">"Read"</span></button>
            })}
            <button class="keep" aria-pressed=bookmarked.to_string()>"Bookmark"<span class="ed" aria-hidden="true">"ed"</span></button>
        </form>
    }
    .into_any()
}
