//! An issue: the papers of a search that were emailed on a day. All its subscribers chose from the same papers.

use domain::{ListingQuery, paper::PaperCard, text::counted};
use formats::plain_title;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::links;

/// An issue.
#[derive(Debug, Clone)]
pub struct IssueView {
    /// The search.
    pub search: ListingQuery,
    /// Its date.
    pub day: Date,
    /// The papers in order, each with its reason on that day.
    pub papers: Vec<(PaperCard, String)>,
    /// Other days that have an issue, the latest first: day and path.
    pub others: Vec<(Date, String)>,
}

/// The page of an issue.
#[component]
pub fn IssuePage(
    /// The issue.
    issue: IssueView,
) -> impl IntoView {
    let IssueView {
        search,
        day,
        papers,
        others,
    } = issue;
    let count = counted(papers.len() as u64, "paper", "papers");
    let items = papers
        .into_iter()
        .map(|(card, why)| {
            let authors = card.byline();
            view! {
                <li>
                    <h2><a href=links::paper(&card.key)>{plain_title(&card).into_owned()}</a></h2>
                    {(!authors.is_empty()).then(|| view! { <p>{authors}</p> })}
                    {(!why.is_empty()).then(|| view! { <p>{why}</p> })}
                </li>
            }
        })
        .collect_view();
    let has_others = !others.is_empty();
    let others = others
        .into_iter()
        .map(|(day, path)| view! { <li><a href=path>{day.strftime("%A %-d %B %Y").to_string()}</a></li> })
        .collect_view();
    view! {
        <main id="main" tabindex="-1" class="measure">
            <div class="edition">
                <p class="kicker">"Email edition"</p>
                <h1>{day.strftime("%A %-d %B %Y").to_string()}</h1>
                <p class="of"><a href=search.path()>{search.label()}</a>{format!(": {count}")}</p>
            </div>
            <p class="note">"Subscribers received the first papers here they hadn’t already been sent. This page no longer changes. "<a href=links::subscribe(&search)>"Get the next one by email"</a>"."</p>
            <ol class="printed">{items}</ol>
            {has_others.then(|| view! { <section class="panel" aria-labelledby="other-issues"><h2 class="caps" id="other-issues">"Other days"</h2><ul class="days">{others}</ul></section> })}
        </main>
    }
    .into_any()
}
