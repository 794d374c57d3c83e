//! `/share`: opens a link that another app shares (the `share_target` of the manifest).

use app::{
    context::ForReader,
    pages::{SharePage, SharePageProps, ShareState},
    shell::Head,
};
use axum::{extract::State, http::StatusCode};
use domain::{ArxivId, PaperKey, text::one_line};
use formats::plain_title;

use crate::{
    http::web::{page::render, page_error::PageResult, query::QueryPairs, visitor::Visitor},
    state::AppState,
};

/// If a text names no paper, this many of its characters are offered as a search.
const MAX_SEARCH: usize = 200;

/// `GET /share`: the shared paper with a bookmark button, or a button that fetches it. Opening this address must not
/// change anything, because any page can make a browser open it.
pub async fn page(State(state): State<AppState>, visitor: Visitor, query: QueryPairs) -> PageResult {
    let field = |name: &str| query.get(name).unwrap_or_default();
    // Apps differ in where they put the link. It is most often in `url` and least often in `title`.
    let shared = ["url", "text", "title"].map(field);
    let shown = match shared.into_iter().find_map(ArxivId::in_text) {
        Some(id) => find(&state, &visitor, id).await?,
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

/// The paper from the library.
async fn find(state: &AppState, visitor: &Visitor, id: ArxivId) -> Result<ShareState, app::AppError> {
    let key = PaperKey::Arxiv(id.clone());
    let paper = state
        .store
        .paper(&key, visitor.session.reader())
        .await
        .for_reader()?;
    Ok(match paper {
        Some(paper) => ShareState::Paper {
            card: Box::new(paper.card),
        },
        None => ShareState::Absent {
            id,
            can_fetch: state.sync,
        },
    })
}
