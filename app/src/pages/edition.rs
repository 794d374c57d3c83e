//! What the page of an edition shows over its list.

use domain::{
    Edition, PaperKey,
    text::{counted, grouped},
};
use leptos::prelude::*;

use crate::{components::title_text, links};

/// An edition and its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EditionNav {
    /// The edition.
    pub edition: Edition,
    /// The nearest earlier one that has papers.
    pub previous: Option<Edition>,
    /// The nearest later one that has papers.
    pub next: Option<Edition>,
}

/// A short label for links: `20 Jul`, `Week 30`, `July`.
fn short_label(edition: Edition) -> String {
    match edition {
        Edition::Day(day) => day.strftime("%-d %b").to_string(),
        Edition::Week(monday) => format!("Week {}", monday.iso_week_date().week()),
        Edition::Month(first) => first.strftime("%B").to_string(),
    }
}

/// The two editions of other lengths that begin with or contain the first day of this one.
fn of_other_lengths(edition: Edition) -> impl Iterator<Item = Edition> {
    let day = edition.first_day();
    [
        Edition::Day(day),
        Edition::week_of(day),
        Edition::Month(day.first_of_month()),
    ]
    .into_iter()
    .filter(move |other| std::mem::discriminant(other) != std::mem::discriminant(&edition))
}

/// The name of an edition, its number of papers, and links to other editions.
#[component]
pub(super) fn EditionHead(
    nav: EditionNav,
    count: String,
    /// How many papers arXiv announced as new, cross-listed and replaced.
    announced: [u64; 3],
) -> impl IntoView {
    let [new, cross, replaced] = announced;
    let kinds = (new + cross + replaced > 0).then(|| {
        format!(
            "arXiv announced {} new, {} cross-listed, {} replaced.",
            grouped(new),
            grouped(cross),
            grouped(replaced)
        )
    });
    let others = of_other_lengths(nav.edition)
        .enumerate()
        .map(|(index, edition)| view! { {(index > 0).then_some(" · ")} <a href=edition.path()>{short_label(edition)}</a> })
        .collect_view();
    view! {
        <div class="edition">
            <p class="kicker">"Edition"</p>
            <h1>{nav.edition.label()}</h1>
            <p class="of">{count}</p>
            {kinds.map(|text| view! { <p class="of">{text}</p> })}
            <nav aria-label="Editions"><ul>
                <li>{nav.previous.map(|edition| view! { <a rel="prev" href=edition.path()>{format!("← {}", short_label(edition))}</a> })}</li>
                <li>{others}</li>
                <li>{nav.next.map(|edition| view! { <a href=edition.path()>{format!("{} →", short_label(edition))}</a> })}</li>
            </ul></nav>
        </div>
    }
    .into_any()
}

/// The papers of an edition that were replaced by a new version: a line each.
#[component]
pub(super) fn Replaced(
    /// Key, title and version.
    replaced: Vec<(PaperKey, String, Option<u32>)>,
    /// How many were replaced; more than are listed if there are many.
    total: u64,
) -> impl IntoView {
    let shown = replaced.len() as u64;
    (shown > 0).then(|| {
        let rows = replaced
            .into_iter()
            .map(|(key, title, version)| {
                let version = version.map(|version| format!(" v{version}"));
                view! { <li><a href=links::paper(&key)>{title_text(&title)}</a> {version}</li> }
            })
            .collect_view();
        let rest = total.saturating_sub(shown);
        view! {
            <details class="replaced">
                <summary>{counted(total.max(shown), "paper replaced by a new version", "papers replaced by a new version")}</summary>
                <ul>{rows}</ul>
                {(rest > 0).then(|| view! { <p>{format!("and {rest} more.")}</p> })}
            </details>
        }
        .into_any()
    })
}
