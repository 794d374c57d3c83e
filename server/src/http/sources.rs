//! `/about/sources`: where the papers come from, and how these sources are doing.

use app::{
    context::ForReader,
    pages::{SourcesPage, SourcesPageProps},
    shell::Head,
};
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};
use ingest::health;

use super::{
    pages::{failed, render},
    visitor::Visitor,
};
use crate::state::AppState;

/// Runs and records shown.
const SHOWN: i64 = 30;

/// The page.
pub async fn page(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let now = state.clock.now();
    let loaded = async {
        Ok(SourcesPageProps {
            sources: health::sources(&state.store, state.sync, now)
                .await
                .for_reader()?,
            runs: state.store.job_runs(SHOWN).await.for_reader()?,
            set_aside: state.store.set_aside(SHOWN).await.for_reader()?,
            now,
        })
    };
    let props = match loaded.await {
        Ok(props) => props,
        Err(error) => return failed(&state, &visitor, error).await,
    };
    let head = Head {
        title: "Where the papers come from".to_owned(),
        description: Some("The sources, when each last had news, and how they are doing now.".to_owned()),
        canonical: Some(format!("{}/about/sources", state.mail.public_url)),
        ..Head::default()
    };
    render(&state, &visitor, StatusCode::OK, head, || SourcesPage(props)).await
}
