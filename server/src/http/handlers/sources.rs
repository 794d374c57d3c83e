//! `/about/sources`: where papers come from, and whether each source works.

use app::{
    context::ForReader,
    pages::{SourcesPage, SourcesPageProps},
    shell::Head,
};
use axum::{extract::State, http::StatusCode};
use ingest::health;

use crate::{
    http::web::{page::render, page_error::PageResult, visitor::Visitor},
    state::AppState,
};

/// Number of runs, and of skipped records, on the page.
const SHOWN: i64 = 30;

/// `GET /about/sources`
pub async fn page(State(state): State<AppState>, visitor: Visitor) -> PageResult {
    let now = state.clock.now();
    let props = SourcesPageProps {
        sources: health::sources(&state.store, state.sync, now)
            .await
            .for_reader()?,
        runs: state.store.job_runs(SHOWN).await.for_reader()?,
        set_aside: state.store.set_aside(SHOWN).await.for_reader()?,
        now,
    };
    let head = Head {
        title: "Sources".to_owned(),
        description: Some(
            "Where papers come from, when each source last sent something, and its status.".to_owned(),
        ),
        canonical: Some(format!("{}/about/sources", state.public_url)),
        ..Head::default()
    };
    Ok(render(&state, &visitor, StatusCode::OK, head, || SourcesPage(props)).await)
}
