//! `/searches`: the reader's saved searches, and `/searches.opml`, the same for a feed reader.

use app::{
    AppError,
    context::ForReader,
    pages::{SearchesPage, SearchesPageProps},
    shell::Head,
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::SavedSearch;
use formats::feeds;

use crate::{
    http::web::{page::render, page_error::PageResult, responses::download, visitor::Visitor},
    state::AppState,
};

/// `GET /searches`
pub async fn page(State(state): State<AppState>, visitor: Visitor) -> PageResult {
    let views = saved(&state, &visitor).await?;
    let head = Head {
        title: "Saved searches".to_owned(),
        noindex: true,
        ..Head::default()
    };
    Ok(render(&state, &visitor, StatusCode::OK, head, || {
        SearchesPage(SearchesPageProps { views })
    })
    .await)
}

/// `GET /searches.opml`
pub async fn opml(State(state): State<AppState>, visitor: Visitor) -> PageResult {
    let searches = saved(&state, &visitor).await?;
    Ok(opml_file(&state, searches))
}

async fn saved(state: &AppState, visitor: &Visitor) -> Result<Vec<SavedSearch>, AppError> {
    match visitor.session.reader() {
        Some(reader) => state.store.saved_searches(reader).await.for_reader(),
        None => Ok(Vec::new()),
    }
}

/// Searches as a file that feed readers import.
pub fn opml_file(state: &AppState, searches: Vec<SavedSearch>) -> Response {
    let public_url = &state.public_url;
    let outlines: Vec<feeds::Outline> = searches
        .iter()
        .map(|search| {
            let [atom, ..] = app::links::feeds(search.view.listing());
            feeds::Outline {
                title: search.label(),
                feed: format!("{public_url}{atom}"),
                page: format!("{public_url}{}", search.view.path()),
            }
        })
        .collect();
    match feeds::opml("Broadsheet", &outlines) {
        Ok(body) => download(
            "broadsheet.opml",
            "text/x-opml; charset=utf-8",
            "private, no-store",
            body,
        ),
        Err(error) => {
            tracing::error!(%error, "cannot write searches as OPML");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
