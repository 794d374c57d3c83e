//! `/editions/{day}` and `/editions/{day}/{view}`: what was sent by mail, on the web.

use app::{
    AppError,
    context::ForReader,
    pages::{IssuePage, IssuePageProps, IssueView},
    shell::Head,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, request::Parts},
    response::Response,
};
use domain::{ListingQuery, edition::parse_date, text::counted};

use super::{
    pages::{error_page, failed, redirect, render},
    visitor::Visitor,
};
use crate::state::AppState;

/// Other days listed below an issue.
const OTHERS: i64 = 30;

/// `GET /editions`: the latest of the front page.
pub async fn latest(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let found = async {
        let Some((view, _)) = state
            .store
            .known_search(&ListingQuery::front())
            .await
            .for_reader()?
        else {
            return Ok(None);
        };
        let days = state.store.issue_days(view, 1).await.for_reader()?;
        Ok(days.first().copied())
    };
    match found.await {
        Ok(Some(day)) => redirect(StatusCode::FOUND, &format!("/editions/{day}")),
        Ok(None) => nothing(&state, &visitor).await,
        Err(error) => failed(&state, &visitor, error).await,
    }
}

/// `GET /editions/{day}`
pub async fn front(State(state): State<AppState>, Path(day): Path<String>, request: Parts) -> Response {
    show(&state, &request, &day, None).await
}

/// `GET /editions/{day}/{view}`
pub async fn of_view(
    State(state): State<AppState>,
    Path((day, slug)): Path<(String, String)>,
    request: Parts,
) -> Response {
    show(&state, &request, &day, Some(&slug)).await
}

async fn show(state: &AppState, request: &Parts, day: &str, slug: Option<&str>) -> Response {
    let visitor = Visitor::of(state, request).await;
    match load(state, day, slug).await {
        Ok(Some((issue, path))) => {
            let head = Head {
                title: format!("{} · {}", issue.day.strftime("%-d %B %Y"), issue.view.label()),
                canonical: Some(format!("{}{path}", state.mail.public_url)),
                // What somebody searches for by mail is nobody else's; the front page's issues are everybody's.
                noindex: slug.is_some(),
                description: Some(format!(
                    "{} of {}, as they were sent by mail: {}.",
                    issue.view.label(),
                    issue.day.strftime("%-d %B %Y"),
                    counted(issue.papers.len() as u64, "paper", "papers")
                )),
                ..Head::default()
            };
            render(state, &visitor, StatusCode::OK, head, || {
                IssuePage(IssuePageProps { issue })
            })
            .await
        }
        Ok(None) => nothing(state, &visitor).await,
        Err(error) => failed(state, &visitor, error).await,
    }
}

async fn load(
    state: &AppState,
    day: &str,
    slug: Option<&str>,
) -> Result<Option<(IssueView, String)>, AppError> {
    let Some(day) = parse_date(day) else {
        return Ok(None);
    };
    let known = match slug {
        Some(slug) => state.store.search_by_slug(slug).await.for_reader()?,
        None => {
            let front = ListingQuery::front();
            let known = state.store.known_search(&front).await.for_reader()?;
            known.map(|(id, _)| (id, front))
        }
    };
    let Some((id, view)) = known else { return Ok(None) };
    let Some(papers) = state.mail.printed(id, day).await.for_reader()? else {
        return Ok(None);
    };
    let path = |day| view.issue_path(slug.unwrap_or_default(), day);
    // On which other days somebody had a list is for nobody else to know.
    let days = match slug {
        Some(_) => Vec::new(),
        None => state.store.issue_days(id, OTHERS).await.for_reader()?,
    };
    let others = days
        .into_iter()
        .filter(|other| *other != day)
        .map(|other| (other, path(other)))
        .collect();
    let own = path(day);
    Ok(Some((
        IssueView {
            view,
            day,
            papers,
            others,
        },
        own,
    )))
}

async fn nothing(state: &AppState, visitor: &Visitor) -> Response {
    let title = "No mail of that day";
    let words = "Nothing of this list was sent by mail on that day, or it is too long ago.";
    error_page(state, visitor, StatusCode::NOT_FOUND, title, words, "/").await
}
