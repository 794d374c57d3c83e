//! What was sent by mail on a day, on the web: the same list for everybody who has the view.

use domain::{ListingQuery, paper::PaperCard, text::counted};
use jiff::civil::Date;
use leptos::prelude::*;

use crate::{components::title_text, links};

/// An issue as it was printed.
#[derive(Debug, Clone)]
pub struct IssueView {
    /// The list.
    pub view: ListingQuery,
    /// The day it is dated.
    pub day: Date,
    /// Its papers in order, each with the reason of that day.
    pub papers: Vec<(PaperCard, String)>,
    /// The other days that have one, the latest first: day and path.
    pub others: Vec<(Date, String)>,
}

/// The issue.
#[component]
pub fn IssuePage(issue: IssueView) -> impl IntoView {
    let IssueView {
        view,
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
                    <h2><a href=links::paper(&card.key)>{title_text(&card.title)}</a></h2>
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
                <p class="kicker">"As it went out by mail"</p>
                <h1>{day.strftime("%A %-d %B %Y").to_string()}</h1>
                <p class="of"><a href=view.path()>{view.label()}</a>{format!(": {count}")}</p>
            </div>
            <p class="note">"Whoever has this list by mail was sent the first of these that they had not had before. The list does not change any more; "<a href=links::subscribe(&view)>"have the next one sent"</a>"."</p>
            <ol class="printed">{items}</ol>
            {has_others.then(|| view! { <section class="panel" aria-labelledby="other-issues"><h2 class="caps" id="other-issues">"Other days"</h2><ul class="days">{others}</ul></section> })}
        </main>
    }
    .into_any()
}
