//! `/papers/{id}`: one paper, as a page and as BibTeX.

use app::{
    components::title_text,
    context::ForReader,
    links,
    meta::{Kind, Meta, Picture},
    pages::{PaperView, PaperViewProps},
    shell::Head,
};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{ArxivId, PaperKey, text::beginning};
use formats::cite;
use formats::linked;

use super::{
    pages::{error_page, failed, redirect, render},
    segment::Segment,
    visitor::Visitor,
};
use crate::state::AppState;

/// Characters of an abstract in a description: what search engines show of it.
const DESCRIPTION: usize = 200;

/// The forms a paper can be had in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Page,
    Bibtex,
}

/// The page, or with `.bib` the entry. A version leads to the paper; an earlier name leads to today's.
pub async fn paper(State(state): State<AppState>, Segment(name): Segment, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let (bare, form) = match name.strip_suffix(".bib") {
        Some(bare) => (bare, Form::Bibtex),
        None => (name.as_str(), Form::Page),
    };
    let Ok(key) = bare.parse::<PaperKey>() else {
        return unknown(&state, &visitor, None).await;
    };
    let paper = match state
        .store
        .paper(&key, visitor.session.reader())
        .await
        .for_reader()
    {
        Ok(Some(paper)) => paper,
        Ok(None) => return unknown(&state, &visitor, key.arxiv_id()).await,
        Err(error) => return failed(&state, &visitor, error).await,
    };
    if paper.card.key.to_string() != bare {
        let suffix = if form == Form::Bibtex { ".bib" } else { "" };
        return redirect(
            StatusCode::MOVED_PERMANENTLY,
            &format!("{}{suffix}", links::paper(&paper.card.key)),
        );
    }
    match form {
        Form::Bibtex => bib_file(
            &format!("{}.bib", paper.card.key.slug()),
            cite::bibtex(&paper.card),
        ),
        Form::Page => {
            let summary = title_text(&paper.card.abstract_text);
            let (public, key) = (&state.mail.public_url, &paper.card.key);
            let (title, url) = (
                title_text(&paper.card.title),
                format!("{public}{}", links::paper(key)),
            );
            let picture = Picture {
                path: links::picture(key),
                says: format!("“{title}” on a page of Broadsheet"),
            };
            let head = Head {
                description: (!summary.is_empty()).then(|| beginning(&summary, DESCRIPTION)),
                // What arXiv has deleted is kept for those who look for it here, not offered.
                noindex: paper.removed,
                meta: Meta {
                    kind: Kind::Article,
                    tags: linked::highwire(&paper, &url),
                    bibtex: Some(links::bib(key)),
                    data: Some(linked::article(
                        &paper,
                        &url,
                        &format!("{public}{}", picture.path),
                    )),
                    picture,
                },
                title,
                canonical: Some(url),
                ..Head::default()
            };
            render(&state, &visitor, StatusCode::OK, head, || {
                PaperView(PaperViewProps {
                    paper,
                    today: domain::edition::utc_day(state.clock.now()),
                })
            })
            .await
        }
    }
}

async fn unknown(state: &AppState, visitor: &Visitor, id: Option<&ArxivId>) -> Response {
    let words = match id {
        Some(id) => format!(
            "{id} is not in this library. arXiv may have it at {}.",
            links::arxiv(id)
        ),
        None => {
            "The address may be mistyped. A paper’s address ends with its arXiv id, as in /papers/2510.01234."
                .to_owned()
        }
    };
    error_page(
        state,
        visitor,
        StatusCode::NOT_FOUND,
        "There is no such paper here",
        &words,
        "/",
    )
    .await
}

/// A bibliography to save.
pub fn bib_file(name: &str, entries: String) -> Response {
    let mut response = entries.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-bibtex; charset=utf-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    // The name is made of an identifier's letters, digits, dots and hyphens.
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
