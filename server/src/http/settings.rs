//! `/settings`: the settings of a reader.

use app::{
    pages::{SettingsPage, SettingsPageProps, mutes_as_typed},
    shell::Head,
};
use axum::{
    extract::State,
    http::{StatusCode, request::Parts},
    response::Response,
};

use domain::{Density, ReadMarking};

use super::{pages::render, visitor::Visitor};
use crate::state::AppState;

/// What was typed and refused, to give it back.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The words field.
    pub words: String,
    /// The categories field.
    pub categories: String,
    /// The density that was chosen.
    pub density: Option<Density>,
    /// The marking that was chosen.
    pub marking: Option<ReadMarking>,
}

/// `GET /settings`; `?saved` after saving.
pub async fn page(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let saved = request.uri.query() == Some("saved");
    show(&state, &visitor, StatusCode::OK, None, saved).await
}

/// The page, with what was refused and why, if anything was.
pub async fn show(
    state: &AppState,
    visitor: &Visitor,
    status: StatusCode,
    refused: Option<(Typed, String)>,
    saved: bool,
) -> Response {
    let (typed, why) = match refused {
        Some((typed, why)) => (typed, Some(why)),
        None => {
            let (words, categories) = mutes_as_typed(&visitor.mutes(state).await);
            (
                Typed {
                    words,
                    categories,
                    ..Typed::default()
                },
                None,
            )
        }
    };
    let head = Head {
        title: "How you read".to_owned(),
        noindex: true,
        ..Head::default()
    };
    let props = SettingsPageProps {
        density: typed.density.unwrap_or(visitor.density),
        marking: typed.marking.unwrap_or(visitor.marking),
        words: typed.words,
        categories: typed.categories,
        why,
        saved,
    };
    render(state, visitor, status, head, || SettingsPage(props)).await
}
