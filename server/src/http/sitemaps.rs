//! `/sitemap.xml` and the sitemaps it names: all papers by ranges of rows, and the pages that are about many.

use std::collections::BTreeSet;

use app::{AppError, context::ForReader, links};
use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use domain::Edition;
use formats::feeds::etag;
use formats::sitemap::{self, Place};
use jiff::Timestamp;

use super::{conditional, pages::not_found, segment::Segment};
use crate::state::AppState;

/// Days told of; the weeks and months they are in come with them.
const MOST_DAYS: i64 = 4_000;
const KEPT: &str = "public, max-age=3600";

/// `/sitemap.xml`
pub async fn index(State(state): State<AppState>, request: Parts) -> Response {
    let public_url = &state.mail.public_url;
    let written = async {
        let ranges = state.store.sitemap_ranges().await.for_reader()?;
        let names =
            std::iter::once("pages".to_owned()).chain((1..=ranges).map(|range| format!("papers-{range}")));
        let places: Vec<Place> = names
            .map(|name| Place {
                url: format!("{public_url}/sitemap/{name}.xml"),
                changed: None,
            })
            .collect();
        Ok(sitemap::index(&places))
    };
    send(&request, written.await)
}

/// `/sitemap/pages.xml`, `/sitemap/papers-1.xml` …
pub async fn part(State(state): State<AppState>, Segment(file): Segment, request: Parts) -> Response {
    if file == "pages.xml" {
        return send(
            &request,
            pages(&state).await.map(|places| sitemap::pages(&places)),
        );
    }
    let range = file
        .strip_prefix("papers-")
        .and_then(|rest| rest.strip_suffix(".xml"))
        .and_then(|number| number.parse::<i64>().ok())
        // One range has one address.
        .filter(|range| file == format!("papers-{range}.xml"));
    let ranges = match state.store.sitemap_ranges().await.for_reader() {
        Ok(ranges) => ranges,
        Err(error) => return send(&request, Err(error)),
    };
    match range.filter(|range| (1..=ranges).contains(range)) {
        Some(range) => send(
            &request,
            papers(&state, range).await.map(|places| sitemap::pages(&places)),
        ),
        None => not_found(State(state), request).await,
    }
}

async fn papers(state: &AppState, range: i64) -> Result<Vec<Place>, AppError> {
    let papers = state.store.sitemap_range(range).await.for_reader()?;
    Ok(papers
        .into_iter()
        .map(|(key, changed)| Place {
            url: format!("{}{}", state.mail.public_url, links::paper(&key)),
            changed: Some(changed),
        })
        .collect())
}

/// The front page, what explains it, and the editions. Of these only the first has a known moment of change: what is in
/// the others moves with every vote.
async fn pages(state: &AppState) -> Result<Vec<Place>, AppError> {
    let changed = state.store.last_change().await.for_reader()?;
    let days = state
        .store
        .days_with_papers(state.clock.now(), MOST_DAYS)
        .await
        .for_reader()?;
    let place = |path: &str, changed| Place {
        url: format!("{}{path}", state.mail.public_url),
        changed,
    };
    let mut places = vec![place(
        "/",
        Timestamp::from_second(changed)
            .ok()
            .filter(|at| at.as_second() > 0),
    )];
    places.extend(["/about/ranking", "/about/sources", "/subscribe"].map(|path| place(path, None)));
    let paths = |editions: BTreeSet<String>| editions.into_iter().rev().collect::<Vec<_>>();
    let of =
        |edition: fn(jiff::civil::Date) -> Edition| days.iter().map(|day| edition(*day).path()).collect();
    for path in [
        paths(of(Edition::Day)),
        paths(of(Edition::week_of)),
        paths(of(|day| Edition::Month(day.first_of_month()))),
    ]
    .concat()
    {
        places.push(place(&path, None));
    }
    Ok(places)
}

fn send(request: &Parts, written: Result<std::io::Result<String>, AppError>) -> Response {
    match written {
        Ok(Ok(xml)) => {
            let tag = etag(&xml);
            let body = (!conditional::has(&request.headers, &tag)).then(|| Bytes::from(xml));
            conditional::answer(body, "application/xml; charset=utf-8", &tag, KEPT)
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "a sitemap could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(error) => StatusCode::from_u16(error.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response(),
    }
}
