//! The page of one paper: everything known of it.

use domain::PaperPage;
use domain::marks::Marks;
use domain::{
    Window,
    paper::{CodeState, Signal},
};
use formats::cite;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::{
    components::{
        Authors, BookmarkForm, HeatTable, Total, Within, announced_words, code_words, date_words, rich,
        title_text,
    },
    links,
};

/// One paper, whole.
#[component]
pub fn PaperView(paper: PaperPage, today: Date) -> impl IntoView {
    let PaperPage {
        card,
        categories,
        updated,
        version,
        comments,
        doi,
        journal_ref,
        license,
        project_page,
        announcements,
        moved_to,
        removed,
        ..
    } = paper;
    let none = Marks::default();
    let title = rich(&card.title, &none, Within::Card);
    let summary = rich(&card.abstract_text, &none, Within::Page);
    let arxiv = card.key.arxiv_id().cloned();
    let find = arxiv
        .is_none()
        .then(|| links::find_on_arxiv(&title_text(&card.title)));
    let bibtex = cite::bibtex(&card);
    let category_links = categories
        .iter()
        .map(|category| view! { <li><a href=links::category(category)>{category.to_string()}</a></li> })
        .collect_view();
    let date = card
        .published
        .map(|published| view! { <li><time datetime=published.label()>{date_words(published)}</time></li> });
    let short = |url: &str| {
        url.trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_start_matches("github.com/")
            .to_owned()
    };
    let signals = (card.upvotes.is_some() || card.stars.is_some()).then(|| {
        let hugging_face = arxiv.as_ref().map(links::hugging_face);
        view! {
            <section class="panel" aria-labelledby="signals">
                <h2 class="caps" id="signals">"Signals"</h2>
                <table class="terms">
                    <thead><tr><th scope="col">"Signal"</th><th scope="col">"Source"</th><th scope="col">"In all"</th></tr></thead>
                    <tbody>
                        {card.upvotes.map(|count| view! {
                            <tr><th scope="row">"Upvotes"</th>
                                <td>{match hugging_face {
                                    Some(url) => view! { <a href=url>"via Hugging Face"</a> }.into_any(),
                                    None => "Hugging Face".into_any(),
                                }}</td>
                                <td><Total signal=Signal::Upvotes count history=card.history.clone() today/></td></tr>
                        })}
                        {card.stars.map(|count| view! {
                            <tr><th scope="row">"Stars"</th><td>"GitHub"</td><td><Total signal=Signal::Stars count history=card.history.clone() today/></td></tr>
                        })}
                    </tbody>
                </table>
            </section>
        }
    });
    let heat = card.heat.map(|report| view! {
        <section class="panel" aria-labelledby="heat">
            <h2 class="caps" id="heat">"Why it is here"</h2>
            <HeatTable report window=Window::Week/>
            <p class="note">"“Usual” is this library’s median gain over thirty days. "<a href="/about/ranking">"How it is worked out"</a></p>
        </section>
    });
    let record = {
        let row = |name: &'static str, value: AnyView| view! { <dt>{name}</dt><dd>{value}</dd> };
        let mut rows = Vec::new();
        if let Some(id) = &arxiv {
            let text = version.map_or_else(|| id.to_string(), |version| format!("{id}v{version}"));
            rows.push(row(
                "arXiv",
                view! { <a href=links::arxiv(id)>{text}</a> }.into_any(),
            ));
        }
        if let Some(published) = card.published {
            rows.push(row(
                "Published",
                view! { <time datetime=published.label()>{date_words(published)}</time> }.into_any(),
            ));
        }
        if !announcements.is_empty() {
            let words: Vec<String> = announcements.iter().map(announced_words).collect();
            rows.push(row("Announced", words.join("; ").into_any()));
        }
        if let Some(updated) = updated {
            rows.push(row(
                "Updated",
                view! { <time datetime=updated.label()>{date_words(updated)}</time> }.into_any(),
            ));
        }
        if !categories.is_empty() {
            let names = categories
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            rows.push(row("Categories", names.into_any()));
        }
        if let Some(code) = card.code.clone() {
            let (text, words) = (short(&code.url), code_words(&code));
            let moved = moved_to
                .clone()
                .map(|url| view! { ", moved to " <a href=url.clone() rel="nofollow">{short(&url)}</a> });
            rows.push(row(
                "Code",
                view! { <a href=code.url rel="nofollow">{text}</a> {format!(" ({words})")} {moved} }
                    .into_any(),
            ));
        }
        if let Some(url) = project_page {
            let text = short(&url);
            rows.push(row(
                "Project",
                view! { <a href=url rel="nofollow">{text}</a> }.into_any(),
            ));
        }
        if let Some(doi) = doi {
            let href = domain::citation::doi_url(&doi);
            rows.push(row("DOI", view! { <a href=href>{doi}</a> }.into_any()));
        }
        if let Some(journal) = journal_ref {
            rows.push(row("Journal", title_text(&journal).into_any()));
        }
        if let Some(comments) = comments {
            rows.push(row("Comments", title_text(&comments).into_any()));
        }
        if let Some(url) = license {
            let text = short(&url);
            rows.push(row(
                "Licence",
                view! { <a href=url rel="license">{text}</a> }.into_any(),
            ));
        }
        rows
    };
    let has_record = !record.is_empty();
    view! {
        <div class="columns">
            <main id="main" tabindex="-1">
                <article class="paper" aria-labelledby="title">
                    <header>
                        <ul class="kicker">{category_links}{date}</ul>
                        <h1 id="title" inner_html=title></h1>
                        <div id="authors"><Authors card=card.clone()/></div>
                    </header>
                    {removed.then(|| view! { <p class="notice bad">"arXiv has deleted this record. It is kept here for those who bookmarked it, and is in no list."</p> })}
                    {if card.abstract_text.is_empty() {
                        view! { <p class="abstract">"The abstract is not known here."</p> }.into_any()
                    } else {
                        view! { <p class="abstract" inner_html=summary></p> }.into_any()
                    }}
                    <div class="out">
                        <ul>
                            {arxiv.clone().map(|id| view! {
                                <li><a class="button" href=links::arxiv(&id)>"arXiv"</a></li>
                                <li><a class="button" href=links::pdf(&id)>"PDF"</a></li>
                            })}
                            {find.map(|url| view! { <li><a class="button" href=url rel="nofollow">"Find on arXiv"</a></li> })}
                            {card.code.clone().filter(|code| code.state != CodeState::Gone).map(|code| view! { <li><a class="button" href=code.url rel="nofollow">"Code"</a></li> })}
                            <li><a class="button" href=links::bib(&card.key)>"Cite .bib"</a></li>
                            <li hidden><button class="share" type="button">"Share"</button></li>
                        </ul>
                        <BookmarkForm key=card.key.clone() bookmarked=card.bookmarked read=Some(card.read)/>
                    </div>
                    {signals}
                    {heat}
                    <section class="panel" aria-labelledby="cite">
                        <h2 class="caps" id="cite">"Cite"</h2>
                        <button class="copy" type="button" hidden>"Copy BibTeX"</button>
                        <pre tabindex="0" role="group" aria-label="BibTeX"><code>{bibtex}</code></pre>
                    </section>
                </article>
            </main>
            {has_record.then(|| view! {
                <aside class="aside" aria-label="About this paper">
                    <section><h2 class="caps">"Record"</h2><dl class="record">{record}</dl></section>
                </aside>
            })}
        </div>
    }
    .into_any()
}
