//! `/share`: opens a link that another app shares (the `share_target` of the manifest).

use app::{
    context::ForReader,
    pages::{SharePage, SharePageProps, ShareState},
    shell::Head,
};
use axum::{
    extract::State,
    http::{Method, StatusCode, request::Parts},
};
use domain::{ArxivId, PaperKey, text::one_line};
use formats::plain_title;

use super::fetch_on_demand::fetch_paper;
use crate::{
    clients::Client,
    http::web::{page::render, page_error::PageResult, query::QueryPairs, visitor::Visitor},
    state::AppState,
};

/// If a text names no paper, this many of its characters are offered as a search.
const MAX_SEARCH: usize = 200;

/// `GET /share`: the shared paper, with a bookmark button. Opening this address must not add a bookmark, because any
/// page can make a browser open it.
pub async fn page(
    State(state): State<AppState>,
    visitor: Visitor,
    query: QueryPairs,
    request: Parts,
) -> PageResult {
    let field = |name: &str| query.get(name).unwrap_or_default();
    // Apps differ in where they put the link. It is most often in `url` and least often in `title`.
    let shared = ["url", "text", "title"].map(field);
    let shown = match shared.into_iter().find_map(ArxivId::in_text) {
        Some(id) => find(&state, &visitor, &request, id).await?,
        None => ShareState::NoPaper {
            search: search_text([field("title"), field("text")]),
        },
    };
    let title = match &shown {
        ShareState::Paper { card, .. } => plain_title(card).into_owned(),
        _ => "Share a paper".to_owned(),
    };
    let head = Head {
        title,
        noindex: true,
        ..Head::default()
    };
    let props = SharePageProps { state: shown };
    Ok(render(&state, &visitor, StatusCode::OK, head, || SharePage(props)).await)
}

/// The first text that is not empty and not a link.
fn search_text(texts: [&str; 2]) -> String {
    texts
        .into_iter()
        .map(one_line)
        .find(|text| !text.is_empty() && !text.contains("://"))
        .unwrap_or_default()
        .chars()
        .take(MAX_SEARCH)
        .collect()
}

/// The paper from the library, or else from arXiv.
async fn find(
    state: &AppState,
    visitor: &Visitor,
    request: &Parts,
    id: ArxivId,
) -> Result<ShareState, app::AppError> {
    let key = PaperKey::Arxiv(id.clone());
    let reader = visitor.session.reader();
    let mut paper = state.store.paper(&key, reader).await.for_reader()?;
    // A HEAD request only checks the page, so it does not fetch.
    if paper.is_none() && request.method != Method::HEAD {
        let network = Client::of(&request.extensions).network();
        if let Err(why) = fetch_paper(state, network, &id).await {
            return Ok(ShareState::Absent { id, why });
        }
        paper = state.store.paper(&key, reader).await.for_reader()?;
    }
    Ok(match paper {
        Some(paper) => ShareState::Paper {
            card: Box::new(paper.card),
        },
        None => ShareState::Absent {
            why: format!("{id} is not in this library."),
            id,
        },
    })
}
