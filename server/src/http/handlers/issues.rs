//! `/issues/{day}` and `/issues/{day}/{search}`: what was emailed, on the web.

use app::{
    AppError,
    context::ForReader,
    pages::{IssuePage, IssuePageProps, IssueView},
    shell::Head,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use domain::{ListingQuery, edition::parse_date, text::counted};

use crate::{
    http::web::{
        page::render,
        page_error::{PageError, PageResult},
        responses::redirect,
        segment::{Segment, TwoSegments},
        visitor::Visitor,
    },
    state::AppState,
};

/// How many other days are listed below an issue.
const MAX_OTHERS: i64 = 30;

/// `GET /issues`: redirects to the latest issue of the front page.
pub async fn latest(State(state): State<AppState>) -> PageResult {
    let front = ListingQuery::front();
    let known = state.store.known_search(&front).await.for_reader()?;
    let (search, _) = known.ok_or_else(not_found)?;
    let days = state.store.issue_days(search, 1).await.for_reader()?;
    let day = *days.first().ok_or_else(not_found)?;
    Ok(redirect(StatusCode::FOUND, &front.issue_path("", day)))
}

/// `GET /issues/{day}`: the issue of the front page.
pub async fn front(State(state): State<AppState>, visitor: Visitor, Segment(day): Segment) -> PageResult {
    show(&state, &visitor, &day, None).await
}

/// `GET /issues/{day}/{search}`: the issue of another search.
pub async fn of_search(
    State(state): State<AppState>,
    visitor: Visitor,
    TwoSegments(day, slug): TwoSegments,
) -> PageResult {
    show(&state, &visitor, &day, Some(&slug)).await
}

/// `GET /editions/…`, the address in emails of old versions: redirects to `/issues/…`.
pub async fn moved(uri: Uri) -> Response {
    let rest = uri.path().strip_prefix("/editions").unwrap_or_default();
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    redirect(StatusCode::MOVED_PERMANENTLY, &format!("/issues{rest}{query}"))
}

async fn show(state: &AppState, visitor: &Visitor, day: &str, slug: Option<&str>) -> PageResult {
    let (issue, path) = load(state, day, slug).await?.ok_or_else(not_found)?;
    let day = issue.day.strftime("%-d %B %Y");
    let count = counted(issue.papers.len() as u64, "paper", "papers");
    let head = Head {
        title: format!("{day} · {}", issue.search.label()),
        canonical: Some(format!("{}{path}", state.public_url)),
        // The issues of the front page are public. What else people search for is private.
        noindex: slug.is_some(),
        description: Some(format!(
            "{} on {day}, as sent by email: {count}.",
            issue.search.label()
        )),
        ..Head::default()
    };
    Ok(render(state, visitor, StatusCode::OK, head, || {
        IssuePage(IssuePageProps { issue })
    })
    .await)
}

/// An issue and its path.
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
    let Some((id, search)) = known else {
        return Ok(None);
    };
    let Some(papers) = state.mail.issue_papers(id, day).await.for_reader()? else {
        return Ok(None);
    };
    let path = |day| search.issue_path(slug.unwrap_or_default(), day);
    // The days on which people received a search of their own are private.
    let days = match slug {
        Some(_) => Vec::new(),
        None => state.store.issue_days(id, MAX_OTHERS).await.for_reader()?,
    };
    let others = days
        .into_iter()
        .filter(|other| *other != day)
        .map(|other| (other, path(other)))
        .collect();
    let own = path(day);
    Ok(Some((
        IssueView {
            search,
            day,
            papers,
            others,
        },
        own,
    )))
}

fn not_found() -> PageError {
    PageError::new(
        StatusCode::NOT_FOUND,
        "Issue not found",
        "No papers from this search were emailed on that day.",
    )
}
