//! The authors of a paper.

use domain::{paper::PaperCard, text::grouped};
use leptos::prelude::*;

use crate::links;

/// The first `most` authors, each linked to their papers, and a link to the rest. Shows nothing if no authors are known.
#[component]
pub fn Authors(
    card: PaperCard,
    /// The maximum number of authors shown.
    #[prop(default = usize::MAX)]
    most: usize,
    /// The URL of the full author list.
    rest: String,
) -> impl IntoView {
    let shown = card.authors.len().min(most);
    let more = card.author_count.saturating_sub(shown);
    let last = shown.saturating_sub(1);
    (!card.authors.is_empty()).then(|| {
        let names = card
            .authors
            .into_iter()
            .take(shown)
            .enumerate()
            .map(|(index, name)| {
                let href = links::author(&name);
                view! { <a href=href>{name.to_string()}</a> {(index < last).then_some(", ")} }
            })
            .collect_view();
        let rest = (more > 0).then(|| {
            let count = grouped(more as u64);
            view! { " " <a class="rest" href=rest>{format!("and {count} more")}</a> }
        });
        view! { <p class="authors">{names}{rest}</p> }.into_any()
    })
}
