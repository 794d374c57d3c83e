//! The details of a paper, as a list of names and values.

use domain::{
    PaperPage,
    doi::{doi_url, dois},
    paper::Published,
};
use leptos::prelude::*;

use crate::{
    components::{announcement_label, code_label, date_label, title_text},
    links,
};

/// A name and its value.
type Detail = (&'static str, AnyView);

/// An address without its scheme; on GitHub only owner and repository.
fn short_url(url: &str) -> String {
    url.trim_start_matches("https://")
        .trim_start_matches("http://")
        .trim_start_matches("github.com/")
        .to_owned()
}

fn time(published: Published) -> AnyView {
    view! { <time datetime=published.label()>{date_label(published)}</time> }.into_any()
}

/// The details that are known.
pub(super) fn details(paper: &PaperPage) -> Vec<Detail> {
    [about_record(paper), about_links(paper), about_publication(paper)]
        .into_iter()
        .flatten()
        .flatten()
        .collect()
}

/// Identifier, dates, announcements, categories.
fn about_record(paper: &PaperPage) -> Vec<Option<Detail>> {
    let arxiv = paper.card.key.arxiv_id().map(|id| {
        let text = paper
            .version
            .map_or_else(|| id.to_string(), |version| format!("{id}v{version}"));
        ("arXiv", view! { <a href=links::arxiv(id)>{text}</a> }.into_any())
    });
    let announced = (!paper.announcements.is_empty()).then(|| {
        let labels: Vec<String> = paper.announcements.iter().map(announcement_label).collect();
        ("Announced", labels.join("; ").into_any())
    });
    let categories = (!paper.categories.is_empty()).then(|| {
        let names: Vec<String> = paper.categories.iter().map(ToString::to_string).collect();
        ("Categories", names.join(", ").into_any())
    });
    vec![
        arxiv,
        paper
            .card
            .published
            .map(|published| ("Published", time(published))),
        announced,
        paper.updated.map(|updated| ("Updated", time(updated))),
        categories,
    ]
}

/// Code and project page.
fn about_links(paper: &PaperPage) -> Vec<Option<Detail>> {
    let code = paper.card.code.clone().map(|code| {
        let (text, label) = (short_url(&code.url), code_label(&code));
        let moved = paper
            .moved_to
            .clone()
            .map(|url| view! { ", moved to " <a href=url.clone() rel="nofollow">{short_url(&url)}</a> });
        let value = view! { <a href=code.url rel="nofollow">{text}</a> {format!(" ({label})")} {moved} };
        ("Code", value.into_any())
    });
    let project = paper.project_page.clone().map(|url| {
        let text = short_url(&url);
        (
            "Project",
            view! { <a href=url rel="nofollow">{text}</a> }.into_any(),
        )
    });
    vec![code, project]
}

/// DOI, journal, comments, licence.
fn about_publication(paper: &PaperPage) -> Vec<Option<Detail>> {
    let dois = dois(paper.doi.as_deref().unwrap_or_default());
    let doi = (!dois.is_empty()).then(|| {
        let links = dois.into_iter().enumerate().map(|(at, doi)| {
            let (separator, href) = ((at > 0).then_some(", "), doi_url(&doi));
            view! { {separator} <a href=href>{doi}</a> }
        });
        ("DOI", links.collect_view().into_any())
    });
    let text =
        |name, value: &Option<String>| value.as_ref().map(|value| (name, title_text(value).into_any()));
    let license = paper.license.clone().map(|url| {
        let text = short_url(&url);
        (
            "Licence",
            view! { <a href=url rel="license">{text}</a> }.into_any(),
        )
    });
    vec![
        doi,
        text("Journal", &paper.journal_ref),
        text("Comments", &paper.comments),
        license,
    ]
}

/// The column beside a paper; nothing without details.
#[component]
pub(super) fn Details(details: Vec<Detail>) -> impl IntoView {
    (!details.is_empty()).then(|| {
        let rows = details
            .into_iter()
            .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
            .collect_view();
        view! {
            <aside class="aside" aria-label="About this paper">
                <section><h2 class="caps">"Details"</h2><dl class="record">{rows}</dl></section>
            </aside>
        }
    })
}
