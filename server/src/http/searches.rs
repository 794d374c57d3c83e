//! `/searches`: the saved searches of a reader, and `/searches.opml`: all of them for a feed reader.

use app::{
    AppError,
    context::ForReader,
    pages::{SearchesPage, SearchesPageProps},
    shell::Head,
};
use axum::{
    extract::State,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::SavedSearch;
use formats::feeds;

use super::{
    pages::{failed, render},
    visitor::Visitor,
};
use crate::state::AppState;

/// `GET /searches`
pub async fn page(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    match kept(&state, &visitor).await {
        Ok(views) => {
            let head = Head {
                title: "Your lists".to_owned(),
                noindex: true,
                ..Head::default()
            };
            render(&state, &visitor, StatusCode::OK, head, || {
                SearchesPage(SearchesPageProps { views })
            })
            .await
        }
        Err(error) => failed(&state, &visitor, error).await,
    }
}

/// `GET /searches.opml`
pub async fn opml(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    match kept(&state, &visitor).await {
        Ok(views) => opml_file(&state, views),
        Err(error) => failed(&state, &visitor, error).await,
    }
}

async fn kept(state: &AppState, visitor: &Visitor) -> Result<Vec<SavedSearch>, AppError> {
    match visitor.session.reader() {
        Some(reader) => state.store.saved_searches(reader).await.for_reader(),
        None => Ok(Vec::new()),
    }
}

/// Lists as a file that feed readers import.
pub fn opml_file(state: &AppState, sections: Vec<SavedSearch>) -> Response {
    let public = &state.mail.public_url;
    let outlines: Vec<feeds::Outline> = sections
        .iter()
        .map(|section| {
            let [atom, ..] = app::links::feeds(section.view.listing());
            feeds::Outline {
                title: section.label(),
                feed: format!("{public}{atom}"),
                page: format!("{public}{}", section.view.path()),
            }
        })
        .collect();
    match feeds::opml("Broadsheet", &outlines) {
        Ok(body) => (
            [
                (header::CONTENT_TYPE, "text/x-opml; charset=utf-8"),
                (header::CACHE_CONTROL, "private, no-store"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"broadsheet.opml\"",
                ),
            ],
            body,
        )
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "lists could not be written as OPML");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
