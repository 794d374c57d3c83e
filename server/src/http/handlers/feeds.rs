//! `/feed.atom`, `/feed.rss`, `/feed.json`, and the same below an edition: the feeds of every listing.

use app::{AppError, context::ForReader};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{Edition, Listing, Sort, edition::utc_day};
use formats::feeds::{Feed, Format, Item};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};

use super::feed_request::{FeedRequest, Kind, Position};
use crate::{
    http::web::{
        conditional,
        page_error::{PageError, PageResult},
        query::QueryPairs,
        responses::set,
        segment::TwoSegments,
    },
    state::AppState,
};

/// Entries of one page of an "entered" feed.
const PAGE_SIZE: i64 = 50;
/// Authors of an entry. The largest collaborations have thousands.
const MAX_AUTHORS: usize = 50;
/// Days in a daily feed.
const DAYS: usize = 14;
/// Papers of each day in a daily feed.
const PAPERS_PER_DAY: usize = 10;
/// Days that are searched for a daily feed: a filter may leave many days empty.
const MAX_DAYS_SEARCHED: usize = 60;
/// Feed readers ask at most every five minutes.
const CACHE_CONTROL: &str = "public, max-age=300";

/// `GET /feed.atom`
pub async fn atom(State(state): State<AppState>, query: QueryPairs, request: Parts) -> PageResult {
    answer(&state, &request, FeedRequest::read(&query, Format::Atom, None)).await
}

/// `GET /feed.rss`
pub async fn rss(State(state): State<AppState>, query: QueryPairs, request: Parts) -> PageResult {
    answer(&state, &request, FeedRequest::read(&query, Format::Rss, None)).await
}

/// `GET /feed.json`
pub async fn json(State(state): State<AppState>, query: QueryPairs, request: Parts) -> PageResult {
    answer(&state, &request, FeedRequest::read(&query, Format::Json, None)).await
}

/// `GET /date/2026-11-24/feed.atom`, and the same for weeks, months and the other formats.
pub async fn edition(
    State(state): State<AppState>,
    TwoSegments(name, file): TwoSegments,
    query: QueryPairs,
    request: Parts,
) -> PageResult {
    let format = Format::ALL
        .into_iter()
        .find(|format| file == format!("feed.{}", format.suffix()))
        .ok_or_else(PageError::not_found)?;
    let edition = name
        .parse::<Edition>()
        .ok()
        .filter(|edition| request.uri.path().starts_with(&edition.path()))
        .ok_or_else(PageError::not_found)?;
    answer(&state, &request, FeedRequest::read(&query, format, Some(edition))).await
}

async fn answer(state: &AppState, request: &Parts, asked: FeedRequest) -> PageResult {
    let feed = load(state, &asked).await?;
    // Every change of a word, a vote or the order moves this moment.
    let stored = state.store.last_change().await.for_reader()?;
    let stored = Timestamp::from_second(stored).unwrap_or(Timestamp::UNIX_EPOCH);
    let changed = feed.updated().max(stored).min(state.clock.now());
    Ok(document(&request.headers, &feed, asked.format, changed))
}

async fn load(state: &AppState, asked: &FeedRequest) -> Result<Feed, AppError> {
    let public_url = &state.public_url;
    let (items, next) = match asked.kind {
        Kind::Entered => entered(state, asked).await?,
        Kind::List => listed(state, asked).await?,
        Kind::Daily => (days(state, &asked.listing).await?, None),
    };
    Ok(Feed {
        title: asked.title(),
        page: format!("{public_url}{}", asked.listing.url()),
        address: asked.own_url(public_url),
        first: asked.first_url(public_url),
        next,
        items,
    })
}

/// The papers that entered the top, the latest first, and the URL of the next page.
async fn entered(state: &AppState, asked: &FeedRequest) -> Result<(Vec<Item>, Option<String>), AppError> {
    let before = asked.before.map(|before| (before.at, before.id));
    let category = asked.listing.categories.first();
    let mut found = state
        .store
        .top_entries(category, asked.top, before, PAGE_SIZE + 1)
        .await
        .for_reader()?;
    let has_more = found.len() as i64 > PAGE_SIZE;
    found.truncate(PAGE_SIZE as usize);
    let next = found.last().filter(|_| has_more).map(|(id, at)| {
        let position = Position { at: *at, id: *id };
        asked.url(&state.public_url, Some(("before", position.code())))
    });
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    let cards = state
        .store
        .cards_with_heat(&ids, MAX_AUTHORS)
        .await
        .for_reader()?;
    let entered_at = |id: i64| {
        let (_, at) = found.iter().find(|(known, _)| *known == id)?;
        Timestamp::from_second(*at).ok()
    };
    let items = cards.into_iter().map(|card| {
        let entered_at = entered_at(card.id);
        Item::of_paper(card, &state.public_url, entered_at)
    });
    Ok((items.collect(), next))
}

/// A page of the listing, and the URL of the next page.
async fn listed(state: &AppState, asked: &FeedRequest) -> Result<(Vec<Item>, Option<String>), AppError> {
    let page = state
        .store
        .list(&asked.listing, asked.after, None, state.clock.now())
        .await
        .for_reader()?;
    let next = page
        .next
        .map(|cursor| asked.url(&state.public_url, Some(("after", cursor.to_string()))));
    let ids: Vec<i64> = page.cards.iter().map(|card| card.id).collect();
    let cards = state
        .store
        .cards_with_heat(&ids, MAX_AUTHORS)
        .await
        .for_reader()?;
    let items = cards
        .into_iter()
        .map(|card| Item::of_paper(card, &state.public_url, None));
    Ok((items.collect(), next))
}

/// The last days that are over and have papers.
async fn days(state: &AppState, listing: &Listing) -> Result<Vec<Item>, AppError> {
    let now = state.clock.now();
    let mut items = Vec::new();
    let mut before = Edition::Day(utc_day(now)).start();
    for _ in 0..MAX_DAYS_SEARCHED {
        if items.len() == DAYS {
            break;
        }
        let last = state.store.last_announced_before(before).await.for_reader()?;
        let Some(day) = last.and_then(|at| Timestamp::from_second(at).ok()).map(utc_day) else {
            break;
        };
        before = Edition::Day(day).start();
        let of_day = Listing {
            edition: Some(Edition::Day(day)),
            sort: Some(Sort::Top),
            window: None,
            ..listing.clone()
        };
        let page = state.store.list(&of_day, None, None, now).await.for_reader()?;
        if page.cards.is_empty() {
            continue;
        }
        let best = &page.cards[..page.cards.len().min(PAPERS_PER_DAY)];
        // Entry ids must differ between the daily feeds of different listings.
        let feed_id = domain::text::fingerprint(&format!("{}{}", state.public_url, listing.url()));
        items.push(Item::of_day(day, best, page.total, &state.public_url, feed_id));
    }
    Ok(items)
}

/// The feed, or 304 if the client has it (RFC 9110, 13). It sets no cookies, and shared caches may keep it.
fn document(request: &HeaderMap, feed: &Feed, format: Format, changed: Timestamp) -> Response {
    let tag = feed.etag(format);
    let mut response = if is_unchanged(request, &tag, changed) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, format.media_type())], feed.write(format)).into_response()
    };
    let date = DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&changed)
        .unwrap_or_default();
    for (name, value) in [
        // The cursor of the next page may differ, too.
        (header::ETAG, &*conditional::weak(&tag)),
        (header::LAST_MODIFIED, date.as_str()),
        (header::CACHE_CONTROL, CACHE_CONTROL),
        // For feed readers that run in a browser.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ] {
        set(&mut response, name, value);
    }
    response
}

/// `If-Modified-Since` counts only without `If-None-Match` (RFC 9110, 13.1.3).
fn is_unchanged(request: &HeaderMap, tag: &str, changed: Timestamp) -> bool {
    if request
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.to_str().is_ok())
    {
        return conditional::has(request, tag);
    }
    request
        .get(header::IF_MODIFIED_SINCE)
        .and_then(|value| value.to_str().ok())
        .and_then(|since| jiff::fmt::rfc2822::parse(since).ok())
        .is_some_and(|since| since.timestamp().as_second() >= changed.as_second())
}
