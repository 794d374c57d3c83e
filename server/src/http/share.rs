//! `/share`: where a link that another program shares arrives (the `share_target` of the manifest).

use app::{
    components::title_text,
    context::ForReader,
    pages::{SharePage, SharePageProps, ShareState},
    shell::Head,
};
use axum::{
    extract::State,
    http::{Method, StatusCode, request::Parts},
    response::Response,
};
use domain::{ArxivId, PaperKey, text::one_line};

use super::{
    listing,
    pages::{failed, render},
    visitor::Visitor,
};
use crate::state::AppState;

/// What of a text that names no paper is offered as a search, in characters.
const MOST_SEARCH: usize = 200;

/// Shows the paper that was shared, with the button that keeps it. Opening this address keeps nothing: any page could
/// make a browser open it.
pub async fn page(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let fields: Vec<(String, String)> =
        form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    // Programs differ in where they put the link; the address says most, the title least.
    let field = |name: &str| {
        fields
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let shared = ["url", "text", "title"].map(field);
    let shown = match shared.into_iter().find_map(ArxivId::in_text) {
        Some(id) => find(&state, &visitor, &request, id).await,
        None => {
            let words = ["title", "text"]
                .map(field)
                .into_iter()
                .map(one_line)
                .find(|words| !words.is_empty() && !words.contains("://"));
            Ok(ShareState::NoPaper {
                search: words.unwrap_or_default().chars().take(MOST_SEARCH).collect(),
            })
        }
    };
    match shown {
        Ok(shown) => {
            let title = match &shown {
                ShareState::Paper { card, .. } => title_text(&card.title),
                _ => "Share a paper".to_owned(),
            };
            let head = Head {
                title,
                noindex: true,
                ..Head::default()
            };
            let props = SharePageProps { state: shown };
            render(&state, &visitor, StatusCode::OK, head, || SharePage(props)).await
        }
        Err(error) => failed(&state, &visitor, error).await,
    }
}

/// The paper in the library, or fetched from arXiv on the spot.
async fn find(
    state: &AppState,
    visitor: &Visitor,
    request: &Parts,
    id: ArxivId,
) -> Result<ShareState, app::AppError> {
    let key = PaperKey::Arxiv(id.clone());
    let reader = visitor.session.reader();
    let mut paper = state.store.paper(&key, reader).await.for_reader()?;
    // To look whether a page is there is not to ask for it.
    if paper.is_none() && request.method != Method::HEAD {
        if let Err(why) = listing::fetched(state, request, &id).await {
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
