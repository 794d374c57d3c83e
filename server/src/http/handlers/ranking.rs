//! `/about/ranking`: the formula, with the constants and medians of now.

use app::{
    context::ForReader,
    pages::{RankingPage, RankingPageProps},
    shell::Head,
};
use axum::{extract::State, http::StatusCode};
use domain::Window;
use jiff::Timestamp;

use crate::{
    http::web::{page::render, page_error::PageResult, visitor::Visitor},
    state::AppState,
};

/// `GET /about/ranking`
pub async fn page(State(state): State<AppState>, visitor: Visitor) -> PageResult {
    let ranking = state.store.current_ranking(Window::Week).await.for_reader()?;
    let props = RankingPageProps {
        medians: ranking
            .iter()
            .flat_map(|ranking| {
                ranking
                    .medians
                    .iter()
                    .map(|(archive, medians)| (archive.clone(), *medians))
            })
            .collect(),
        ranked_for: ranking.and_then(|ranking| Timestamp::from_second(ranking.ranked_for).ok()),
        now: state.clock.now(),
    };
    let head = Head {
        title: "Ranking".to_owned(),
        description: Some("How papers are ranked: the formula and its current constants.".to_owned()),
        canonical: Some(format!("{}/about/ranking", state.public_url)),
        ..Head::default()
    };
    Ok(render(&state, &visitor, StatusCode::OK, head, || RankingPage(props)).await)
}
