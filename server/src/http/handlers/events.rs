//! `/events`: how many papers are new since a page was opened, as server-sent events (WHATWG HTML, 9.2).

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{Edition, Listing, Newest};
use futures_util::{Stream, stream};
use tokio::sync::watch;

use crate::{
    clients::Client,
    http::web::query::QueryPairs,
    state::{AppState, ListenerSlot},
};

/// Proxies often close a connection that is silent for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(25);

/// The listing of an open page, and the newest paper (a row) and rank run when the page was made.
#[derive(Debug, Clone)]
struct OpenPage {
    listing: Listing,
    since: i64,
    epoch: i64,
}

impl OpenPage {
    fn read(query: &QueryPairs) -> Option<Self> {
        let mut listing = query.listing().listing;
        if let Some(edition) = query.get("edition") {
            listing.edition = edition.parse::<Edition>().ok();
        }
        Some(Self {
            listing,
            since: query.get("since")?.parse().ok()?,
            epoch: query
                .get("epoch")
                .and_then(|epoch| epoch.parse().ok())
                .unwrap_or(0),
        })
    }
}

/// `GET /events`. The query is that of the page, with `since`, `epoch` and `edition`. Each event is a number.
pub async fn events(State(state): State<AppState>, query: QueryPairs, request: Parts) -> Response {
    let network = Client::of(&request.extensions).network();
    let (Some(page), Some(slot)) = (OpenPage::read(&query), state.news.listen(network)) else {
        // 204 tells an EventSource not to reconnect.
        return StatusCode::NO_CONTENT.into_response();
    };
    let mut newest = state.news.subscribe();
    // Count at once: a tab that was hidden for an hour reconnects and must learn what it missed.
    newest.mark_changed();
    let mut response = Sse::new(counts(state, page, newest, slot))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would otherwise collect events until a buffer is full.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// The number of new papers, each time it changes. The stream holds its listener slot until it ends.
fn counts(
    state: AppState,
    page: OpenPage,
    newest: watch::Receiver<Option<Newest>>,
    slot: ListenerSlot,
) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((newest, 0_u64, slot), move |(mut newest, mut sent, slot)| {
        let (state, page) = (state.clone(), page.clone());
        async move {
            loop {
                newest.changed().await.ok()?;
                (*newest.borrow_and_update())?;
                let now = state.clock.now();
                let counted = state.store.news_since(&page.listing, page.since, page.epoch, now);
                let count = match counted.await {
                    Ok(count) => count,
                    Err(error) => {
                        tracing::warn!(%error, "cannot count new papers");
                        continue;
                    }
                };
                if count != sent {
                    sent = count;
                    let event = Event::default().data(count.to_string());
                    return Some((Ok(event), (newest, sent, slot)));
                }
            }
        }
    })
}
