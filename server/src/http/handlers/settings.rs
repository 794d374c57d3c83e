//! `/settings`: density, read marks and mutes.

use app::{
    api::SettingsInput,
    pages::{SettingsPage, SettingsPageProps, mutes_as_typed},
    shell::Head,
};
use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    http::web::{page::render, query::QueryPairs, visitor::Visitor},
    state::AppState,
};

/// `GET /settings`; `?saved` after the settings were saved.
pub async fn page(State(state): State<AppState>, visitor: Visitor, query: QueryPairs) -> Response {
    let (words, categories) = mutes_as_typed(&visitor.mutes(&state).await);
    let stored = SettingsInput {
        words,
        categories,
        ..SettingsInput::default()
    };
    let props = SettingsPageProps {
        saved: query.contains("saved"),
        ..props(&visitor, stored)
    };
    show(&state, &visitor, StatusCode::OK, props).await
}

/// The page after invalid input: the input again, and what is wrong with it.
pub async fn show_invalid(
    state: &AppState,
    visitor: &Visitor,
    status: StatusCode,
    input: SettingsInput,
    why: String,
) -> Response {
    let props = SettingsPageProps {
        why: Some(why),
        ..props(visitor, input)
    };
    show(state, visitor, status, props).await
}

fn props(visitor: &Visitor, input: SettingsInput) -> SettingsPageProps {
    SettingsPageProps {
        density: input.density.unwrap_or(visitor.density),
        marking: input.marking.unwrap_or(visitor.marking),
        words: input.words,
        categories: input.categories,
        why: None,
        saved: false,
    }
}

async fn show(state: &AppState, visitor: &Visitor, status: StatusCode, props: SettingsPageProps) -> Response {
    let head = Head {
        title: "Settings".to_owned(),
        noindex: true,
        ..Head::default()
    };
    render(state, visitor, status, head, || SettingsPage(props)).await
}
