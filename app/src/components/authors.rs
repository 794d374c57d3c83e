//! The authors of a paper.

use domain::paper::PaperCard;
use leptos::prelude::*;

use crate::links;

/// The authors, each a link to their papers. Shows nothing if none are known.
#[component]
pub fn Authors(card: PaperCard) -> impl IntoView {
    let more = card.author_count.saturating_sub(card.authors.len());
    let last = card.authors.len().saturating_sub(1);
    (!card.authors.is_empty()).then(|| {
        let names = card
            .authors
            .into_iter()
            .enumerate()
            .map(|(index, name)| {
                let href = links::author(&name);
                view! { <a href=href>{name}</a> {(index < last).then_some(", ")} }
            })
            .collect_view();
        let rest = (more > 0).then(|| {
            let href = format!("{}#authors", links::paper(&card.key));
            view! { " " <a class="rest" href=href>{format!("and {more} more")}</a> }
        });
        view! { <p class="authors">{names}{rest}</p> }.into_any()
    })
}
