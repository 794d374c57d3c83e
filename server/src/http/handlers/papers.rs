//! `/papers/{id}`: one paper, as a page and as BibTeX.

use app::{
    context::ForReader,
    links,
    meta::{Kind, Meta, Picture},
    pages::{PaperView, PaperViewProps},
    shell::Head,
};
use axum::{extract::State, http::StatusCode};
use domain::{ArxivId, PaperKey, PaperPage, edition::utc_day, text::beginning};
use formats::{cite, linked, plain_abstract, plain_title};

use crate::{
    http::web::{
        page::render,
        page_error::{PageError, PageResult},
        query::QueryPairs,
        responses::{bibtex_file, redirect},
        segment::Segment,
        visitor::Visitor,
    },
    state::AppState,
};

/// Characters of the abstract in the description: as much as search engines show.
const DESCRIPTION: usize = 200;

/// Maximum authors in a page's meta tags and citation. `?authors=all` lifts it: some papers have thousands of authors.
const AUTHORS: usize = 100;

/// The forms in which a paper is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Page,
    Bibtex,
}

impl Form {
    /// The form by the suffix of a path, and the path without the suffix.
    fn of(name: &str) -> (&str, Self) {
        match name.strip_suffix(Self::Bibtex.suffix()) {
            Some(bare) => (bare, Self::Bibtex),
            None => (name, Self::Page),
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Page => "",
            Self::Bibtex => ".bib",
        }
    }
}

/// `GET /papers/{id}`: the page, or with `.bib` the BibTeX entry. Another form of the identifier, such as
/// `arXiv:2510.01234v2` or a URL of arXiv, and an earlier key of the paper redirect to its present key.
pub async fn paper(
    State(state): State<AppState>,
    visitor: Visitor,
    Segment(name): Segment,
    query: QueryPairs,
) -> PageResult {
    let (bare, form) = Form::of(&name);
    let all_authors = form != Form::Page || query.get("authors") == Some("all");
    let authors = if all_authors { usize::MAX } else { AUTHORS };
    let key = key_of(bare).ok_or_else(|| unknown(None))?;
    let paper = state
        .store
        .paper_with_authors(&key, visitor.session.reader(), authors)
        .await
        .for_reader()?
        .ok_or_else(|| unknown(key.arxiv_id()))?;
    if paper.card.key.to_string() != bare {
        let address = format!("{}{}", links::paper(&paper.card.key), form.suffix());
        return Ok(redirect(StatusCode::MOVED_PERMANENTLY, &address));
    }
    if form == Form::Bibtex {
        let name = format!("{}.bib", paper.card.key.slug());
        return Ok(bibtex_file(&name, cite::bibtex(&paper.card)));
    }
    let head = head(&state, &paper);
    let today = utc_day(state.clock.now());
    Ok(render(&state, &visitor, StatusCode::OK, head, || {
        PaperView(PaperViewProps {
            paper,
            all_authors,
            today,
        })
    })
    .await)
}

/// The key in a path, in any form that people paste.
fn key_of(text: &str) -> Option<PaperKey> {
    text.parse()
        .ok()
        .or_else(|| ArxivId::from_pasted(text).map(PaperKey::Arxiv))
}

fn head(state: &AppState, paper: &PaperPage) -> Head {
    let summary = plain_abstract(&paper.card);
    let (public_url, key) = (&state.public_url, &paper.card.key);
    let (title, url) = (
        plain_title(&paper.card).into_owned(),
        format!("{public_url}{}", links::paper(key)),
    );
    let picture = Picture {
        path: links::picture(key),
        says: format!("“{title}” on Broadsheet"),
    };
    Head {
        description: (!summary.is_empty()).then(|| beginning(&summary, DESCRIPTION)),
        // A paper that arXiv has deleted stays available here, but search engines should not list it.
        noindex: paper.removed,
        meta: Meta {
            kind: Kind::Article,
            tags: linked::highwire(paper, &url),
            bibtex: Some(links::bib(key)),
            data: Some(linked::article(
                paper,
                &url,
                &format!("{public_url}{}", picture.path),
            )),
            picture,
        },
        title,
        canonical: Some(url),
        ..Head::default()
    }
}

fn unknown(id: Option<&ArxivId>) -> PageError {
    let message = match id {
        Some(id) => format!(
            "{id} is not in this library. arXiv may have it at {}.",
            links::arxiv(id)
        ),
        None => {
            "Check the address. It ends with the arXiv id of the paper, as in /papers/2510.01234.".to_owned()
        }
    };
    PageError::new(StatusCode::NOT_FOUND, "Paper not found", message)
}
