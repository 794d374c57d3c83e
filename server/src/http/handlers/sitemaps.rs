//! `/sitemap.xml` and the sitemaps that it lists: all papers, by ranges of rows, and the other public pages.

use std::collections::BTreeSet;

use app::{AppError, context::ForReader, links};
use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use domain::Edition;
use formats::{
    feeds::etag,
    sitemap::{self, Place},
};
use jiff::{Timestamp, civil::Date};

use crate::{
    http::web::{
        conditional,
        page_error::{PageError, status_of},
        segment::Segment,
    },
    state::AppState,
};

/// Days in the sitemap, with their weeks and months.
const MAX_DAYS: i64 = 4_000;
/// Crawlers ask at most once an hour.
const CACHE_CONTROL: &str = "public, max-age=3600";

/// A sitemap that cannot be sent.
#[derive(Debug)]
pub enum SitemapFailure {
    /// There is no sitemap of this name.
    NotFound,
    /// The database failed.
    Store(AppError),
    /// The XML could not be written.
    Writing(std::io::Error),
}

impl From<AppError> for SitemapFailure {
    fn from(error: AppError) -> Self {
        Self::Store(error)
    }
}

impl From<std::io::Error> for SitemapFailure {
    fn from(error: std::io::Error) -> Self {
        Self::Writing(error)
    }
}

impl IntoResponse for SitemapFailure {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => PageError::not_found().into_response(),
            Self::Store(error) => status_of(&error).into_response(),
            Self::Writing(error) => {
                tracing::error!(%error, "cannot write a sitemap");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// `GET /sitemap.xml`
pub async fn index(State(state): State<AppState>, request: Parts) -> Result<Response, SitemapFailure> {
    let public_url = &state.public_url;
    let ranges = state.store.sitemap_ranges().await.for_reader()?;
    let names =
        std::iter::once("pages".to_owned()).chain((1..=ranges).map(|range| format!("papers-{range}")));
    let places: Vec<Place> = names
        .map(|name| Place {
            url: format!("{public_url}/sitemap/{name}.xml"),
            changed: None,
        })
        .collect();
    Ok(send(&request, sitemap::index(&places)?))
}

/// `GET /sitemap/pages.xml`, `/sitemap/papers-1.xml` …
pub async fn part(
    State(state): State<AppState>,
    Segment(file): Segment,
    request: Parts,
) -> Result<Response, SitemapFailure> {
    if file == "pages.xml" {
        return Ok(send(&request, sitemap::pages(&pages(&state).await?)?));
    }
    let ranges = state.store.sitemap_ranges().await.for_reader()?;
    let range = file
        .strip_prefix("papers-")
        .and_then(|rest| rest.strip_suffix(".xml"))
        .and_then(|number| number.parse::<i64>().ok())
        .filter(|range| (1..=ranges).contains(range))
        // Each range has one address: not `papers-01.xml`.
        .filter(|range| file == format!("papers-{range}.xml"))
        .ok_or(SitemapFailure::NotFound)?;
    Ok(send(&request, sitemap::pages(&papers(&state, range).await?)?))
}

async fn papers(state: &AppState, range: i64) -> Result<Vec<Place>, AppError> {
    let papers = state.store.sitemap_range(range).await.for_reader()?;
    Ok(papers
        .into_iter()
        .map(|(key, changed)| Place {
            url: format!("{}{}", state.public_url, links::paper(&key)),
            changed: Some(changed),
        })
        .collect())
}

/// The front page, the pages about Broadsheet, and the editions. Only the front page has a date of change: an edition
/// changes with every vote.
async fn pages(state: &AppState) -> Result<Vec<Place>, AppError> {
    let changed = state.store.last_change().await.for_reader()?;
    let days = state
        .store
        .days_with_papers(state.clock.now(), MAX_DAYS)
        .await
        .for_reader()?;
    let place = |path: &str, changed| Place {
        url: format!("{}{path}", state.public_url),
        changed,
    };
    let front_changed = Timestamp::from_second(changed)
        .ok()
        .filter(|at| at.as_second() > 0);
    let mut places = vec![place("/", front_changed)];
    places.extend(["/about/ranking", "/about/sources", "/subscribe"].map(|path| place(path, None)));
    let kinds: [fn(Date) -> Edition; 3] = [Edition::Day, Edition::week_of, |day| {
        Edition::Month(day.first_of_month())
    }];
    for edition_of in kinds {
        let paths: BTreeSet<String> = days.iter().map(|day| edition_of(*day).path()).collect();
        places.extend(paths.iter().rev().map(|path| place(path, None)));
    }
    Ok(places)
}

fn send(request: &Parts, xml: String) -> Response {
    let tag = etag(&xml);
    let body = (!conditional::has(&request.headers, &tag)).then(|| Bytes::from(xml));
    conditional::answer(body, "application/xml; charset=utf-8", &tag, CACHE_CONTROL)
}
