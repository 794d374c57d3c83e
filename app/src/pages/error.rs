//! An error, and the way back.

use leptos::prelude::*;

/// An error as a page.
#[component]
pub fn ErrorPage(
    /// The HTTP status.
    status: u16,
    /// The heading.
    title: String,
    /// What is wrong, and what to do.
    words: String,
    /// The address of the link back.
    back: String,
    /// The id of the request, by which the operator finds it in the log.
    request: Option<String>,
) -> impl IntoView {
    let search = (status == 404).then(|| view! {
        <form class="search" role="search" action="/">
            <label class="vh" for="q">"Search papers"</label>
            <input id="q" type="search" name="q" placeholder="Search papers, authors, ids" maxlength="1000"/>
            <button>"Search"</button>
        </form>
    });
    view! {
        <main id="main" tabindex="-1"><div class="nothing">
            <p class="code">{status}</p>
            <h1>{title}</h1>
            <p role="alert">{words}</p>
            {search}
            <p><a href=back>"Back to the papers"</a></p>
            {request.map(|id| view! { <p class="small request">{format!("Request {id}")}</p> })}
        </div></main>
    }
    .into_any()
}
