//! `/feed.atom`, `/feed.rss`, `/feed.json`, and the same below an edition: the twin of every list, with its query.
//!
//! Three kinds, by `feed=`:
//! - `entered` (the default of a trending list): a paper appears once, when it first comes among the first `top=10`, `20`
//!   (the default) or `50`;
//! - `list` (the default of the others): the list as the page has it;
//! - `daily`: one entry for each day.

use app::{AppError, context::ForReader};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::{Edition, Listing, Sort, Window, edition::utc_day};
use formats::feeds::{Feed, Format, Item, etag};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use store::TOPS;

use super::{
    conditional,
    listing::read,
    pages::{failed, not_found},
    visitor::Visitor,
};
use crate::state::AppState;

/// Entries of one page of an "entered" feed.
const ENTERED: i64 = 50;
/// Authors of an entry; the largest collaborations have thousands.
const AUTHORS: usize = 50;
/// Days of a daily feed, and papers of each.
const DAYS: usize = 14;
const OF_A_DAY: usize = 10;
/// Days looked at for them.
const MOST_DAYS: usize = 60;
/// Readers need not ask more often.
const KEPT: &str = "public, max-age=300";

/// What kind of feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Entered,
    List,
    Daily,
}

impl Kind {
    /// What a list is followed by when `feed=` says nothing.
    fn usual(listing: &Listing) -> Self {
        if is_noted(listing) {
            Self::Entered
        } else {
            Self::List
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::List => "list",
            Self::Daily => "daily",
        }
    }
}

/// What was asked of a feed, beside the listing.
struct FeedRequest {
    kind: Kind,
    top: i64,
    /// Where a page of an "entered" feed begins: moment and row.
    before: Option<(i64, i64)>,
}

fn wish(request: &Parts, listing: &Listing) -> FeedRequest {
    let mut wish = FeedRequest {
        kind: Kind::usual(listing),
        top: 20,
        before: None,
    };
    for (name, value) in form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes()) {
        match (name.as_ref(), value.as_ref()) {
            ("feed", "entered") => wish.kind = Kind::Entered,
            ("feed", "list") => wish.kind = Kind::List,
            ("feed", "daily") => wish.kind = Kind::Daily,
            ("top", top) => {
                if let Some(top) = TOPS.into_iter().find(|known| known.to_string() == top) {
                    wish.top = top;
                }
            }
            ("before", place) => {
                wish.before = place
                    .split_once('-')
                    .and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
            }
            _ => {}
        }
    }
    // Who comes among the first is noted for whole lists only; a day has no days. Then it is the list itself.
    if wish.kind == Kind::Entered && !is_noted(listing)
        || wish.kind == Kind::Daily && listing.edition.is_some()
    {
        wish.kind = Kind::List;
    }
    wish
}

/// `/feed.atom`
pub async fn atom(State(state): State<AppState>, request: Parts) -> Response {
    answer(&state, &request, Format::Atom, None).await
}

/// `/feed.rss`
pub async fn rss(State(state): State<AppState>, request: Parts) -> Response {
    answer(&state, &request, Format::Rss, None).await
}

/// `/feed.json`
pub async fn json(State(state): State<AppState>, request: Parts) -> Response {
    answer(&state, &request, Format::Json, None).await
}

/// `/date/2026-11-24/feed.atom` and its kin.
pub async fn edition(
    State(state): State<AppState>,
    Path((name, file)): Path<(String, String)>,
    request: Parts,
) -> Response {
    let format = Format::ALL
        .into_iter()
        .find(|format| file == format!("feed.{}", format.suffix()));
    let edition = name
        .parse::<Edition>()
        .ok()
        .filter(|edition| request.uri.path().starts_with(&edition.path()));
    match (format, edition) {
        (Some(format), Some(edition)) => answer(&state, &request, format, Some(edition)).await,
        _ => not_found(State(state), request).await,
    }
}

async fn answer(state: &AppState, request: &Parts, format: Format, edition: Option<Edition>) -> Response {
    match made(state, request, format, edition).await {
        Ok((feed, changed)) => document(&request.headers, &feed, format, changed),
        Err(error) => {
            let visitor = Visitor::of(state, request).await;
            failed(state, &visitor, error).await
        }
    }
}

/// The address of a feed of this listing.
fn address(state: &AppState, listing: &Listing, format: Format, more: &[(&str, String)]) -> String {
    let page = listing.url();
    let (path, query) = page.split_once('?').unwrap_or((&page, ""));
    let mut url = format!(
        "{}{}/feed.{}",
        state.mail.public_url,
        path.trim_end_matches('/'),
        format.suffix()
    );
    let mut separator = '?';
    if !query.is_empty() {
        url.push(separator);
        url.push_str(query);
        separator = '&';
    }
    for (name, value) in more {
        url.push_str(&format!("{separator}{name}={value}"));
        separator = '&';
    }
    url
}

/// Whether the rank job notes who comes among the first of this listing.
fn is_noted(listing: &Listing) -> bool {
    let bare = Listing {
        categories: listing.categories.clone(),
        window: listing.window,
        sort: listing.sort,
        ..Listing::default()
    };
    *listing == bare
        && listing.order() == Sort::Trending
        && listing.categories.len() <= 1
        && listing.window.is_none_or(|window| window == Window::Week)
}

async fn made(
    state: &AppState,
    request: &Parts,
    format: Format,
    edition: Option<Edition>,
) -> Result<(Feed, Timestamp), AppError> {
    let mut asked = read(request);
    asked.listing.edition = edition;
    let after = asked.take_cursor();
    let listing = asked.listing;
    let wish = wish(request, &listing);
    let (now, public_url) = (state.clock.now(), &state.mail.public_url);
    let mut own: Vec<(&str, String)> = Vec::new();
    if wish.kind != Kind::usual(&listing) {
        own.push(("feed", wish.kind.code().to_owned()));
    }
    if wish.kind == Kind::Entered && wish.top != 20 {
        own.push(("top", wish.top.to_string()));
    }
    let first = address(state, &listing, format, &own);
    let mut here = own.clone();
    let (mut next, mut items) = (None, Vec::new());
    match wish.kind {
        Kind::Entered => {
            let found = state
                .store
                .top_entries(listing.categories.first(), wish.top, wish.before, ENTERED + 1)
                .await
                .for_reader()?;
            let more = found.len() as i64 > ENTERED;
            let found = &found[..found.len().min(ENTERED as usize)];
            if let Some((at, id)) = wish.before {
                here.push(("before", format!("{at}-{id}")));
            }
            if let Some((id, at)) = found.last().filter(|_| more) {
                let mut there = own.clone();
                there.push(("before", format!("{at}-{id}")));
                next = Some(address(state, &listing, format, &there));
            }
            let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
            let cards = state.store.cards_with_heat(&ids, AUTHORS).await.for_reader()?;
            let came = |id: i64| found.iter().find(|(known, _)| *known == id).map(|(_, at)| *at);
            items.extend(cards.into_iter().map(|card| {
                let came = came(card.id).and_then(|at| Timestamp::from_second(at).ok());
                Item::of_paper(card, public_url, came)
            }));
        }
        Kind::List => {
            let page = state.store.list(&listing, after, None, now).await.for_reader()?;
            if let Some(cursor) = &after {
                here.push(("after", cursor.to_string()));
            }
            if let Some(cursor) = &page.next {
                let mut there = own.clone();
                there.push(("after", cursor.to_string()));
                next = Some(address(state, &listing, format, &there));
            }
            let ids: Vec<i64> = page.cards.iter().map(|card| card.id).collect();
            let cards = state.store.cards_with_heat(&ids, AUTHORS).await.for_reader()?;
            items.extend(
                cards
                    .into_iter()
                    .map(|card| Item::of_paper(card, public_url, None)),
            );
        }
        Kind::Daily => items = days(state, &listing, now).await?,
    }
    let title = match wish.kind {
        Kind::Entered => format!("Broadsheet: {}, the first {}", listing.label(), wish.top),
        Kind::Daily => {
            let by_day = Listing {
                sort: Some(Sort::New),
                window: None,
                ..listing.clone()
            };
            format!("Broadsheet: {}, day by day", by_day.label())
        }
        Kind::List => format!("Broadsheet: {}", listing.label()),
    };
    let feed = Feed {
        title,
        page: format!("{public_url}{}", listing.url()),
        address: address(state, &listing, format, &here),
        first,
        next,
        items,
    };
    // Whatever may have changed a word, a vote or the order.
    let stored = state.store.last_change().await.for_reader()?;
    let stored = Timestamp::from_second(stored).unwrap_or(Timestamp::UNIX_EPOCH);
    let changed = feed.updated().max(stored).min(now);
    Ok((feed, changed))
}

/// The last days that are over and have papers.
async fn days(state: &AppState, listing: &Listing, now: Timestamp) -> Result<Vec<Item>, AppError> {
    let mut items = Vec::new();
    let mut before = Edition::Day(utc_day(now)).start();
    // A filter may leave nothing of many days.
    for _ in 0..MOST_DAYS {
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
        let best = &page.cards[..page.cards.len().min(OF_A_DAY)];
        let own = domain::text::fingerprint(&format!("{}{}", state.mail.public_url, listing.url()));
        items.push(Item::of_day(day, best, page.total, &state.mail.public_url, own));
    }
    Ok(items)
}

/// Sends a feed, or says that it is still the same (RFC 9110, 13). No cookies; anybody may keep it.
fn document(request: &HeaderMap, feed: &Feed, format: Format, changed: Timestamp) -> Response {
    let body = feed.write(format);
    let tag = etag(&body);
    let date = DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&changed)
        .unwrap_or_default();
    let said = |name| {
        request
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let same = match said(header::IF_NONE_MATCH) {
        Some(_) => conditional::has(request, &tag),
        None => said(header::IF_MODIFIED_SINCE)
            .and_then(|since| jiff::fmt::rfc2822::parse(since).ok())
            .is_some_and(|since| since.timestamp().as_second() >= changed.as_second()),
    };
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, format.media_type())], body).into_response()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ETAG, tag.as_str()),
        (header::LAST_MODIFIED, date.as_str()),
        (header::CACHE_CONTROL, KEPT),
        // Readers in a browser, too.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}
