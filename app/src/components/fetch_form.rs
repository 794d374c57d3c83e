//! The button that fetches a paper from arXiv.

use domain::ArxivId;
use leptos::prelude::*;

use crate::links;

/// Says that a paper is not in the library. With `can_fetch`, a button fetches it; without, there is a link to arXiv only.
#[component]
pub fn FetchForm(id: ArxivId, can_fetch: bool) -> impl IntoView {
    let arxiv = links::arxiv(&id);
    view! {
        <div class="notices">
            <div class="notice" role="status">
                <p>{format!("arXiv:{id} is not in this library. ")}<a href=arxiv>"View on arXiv"</a></p>
                {can_fetch.then(|| view! {
                    <form class="one" method="post" action="/fn/fetch_paper">
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button>"Fetch it from arXiv"</button>
                    </form>
                })}
            </div>
        </div>
    }
    .into_any()
}
