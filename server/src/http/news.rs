//! `/events`: how many papers have come since a page was opened, as server-sent events (WHATWG HTML, 9.2).

use std::{
    collections::HashMap,
    convert::Infallible,
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    extract::State,
    http::{StatusCode, header, request::Parts},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::Edition;
use domain::Newest;
use futures_util::stream;
use tokio::sync::watch;

use super::{limits::network, listing::read};
use crate::state::AppState;

/// Pages that listen at once; each holds a connection. The next ones do without.
const MOST_LISTENERS: usize = 500;
/// A department behind one address, but not all places.
const MOST_OF_ONE_NETWORK: usize = 60;
/// Proxies close what is silent for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(25);

/// The newest paper and rank run, for all who listen. Cheap to clone.
#[derive(Debug, Clone)]
pub struct News {
    newest: watch::Sender<Option<Newest>>,
    listeners: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Default for News {
    fn default() -> Self {
        Self {
            newest: watch::Sender::new(Some(Newest::default())),
            listeners: Arc::default(),
        }
    }
}

impl News {
    /// Whether anybody listens.
    pub fn has_readers(&self) -> bool {
        self.newest.receiver_count() > 0
    }

    /// Tells all who listen, if there is anything new.
    pub fn publish(&self, newest: Newest) {
        self.newest.send_if_modified(|known| {
            let changed = known.is_some_and(|known| known != newest);
            if changed {
                *known = Some(newest);
            }
            changed
        });
    }

    /// Ends every stream.
    pub fn close(&self) {
        self.newest.send_replace(None);
    }
}

/// One place among the listeners; given back when the stream ends.
struct Place(Arc<Mutex<HashMap<IpAddr, usize>>>, IpAddr);

impl Place {
    fn take(news: &News, network: IpAddr) -> Option<Self> {
        let mut listeners = news.listeners.lock().ok()?;
        if listeners.values().sum::<usize>() >= MOST_LISTENERS {
            return None;
        }
        let own = listeners.entry(network).or_default();
        if *own >= MOST_OF_ONE_NETWORK {
            return None;
        }
        *own += 1;
        drop(listeners);
        Some(Self(news.listeners.clone(), network))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Ok(mut listeners) = self.0.lock()
            && let Some(own) = listeners.get_mut(&self.1)
        {
            *own -= 1;
            if *own == 0 {
                listeners.remove(&self.1);
            }
        }
    }
}

/// The query is that of the page, with what was the newest when it was made: `since` (a row) and `epoch`. Each event
/// is a number.
pub async fn events(State(state): State<AppState>, request: Parts) -> Response {
    let mut listing = read(&request).listing;
    let (mut since, mut epoch) = (None, 0);
    for (name, value) in form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "since" => since = value.parse::<i64>().ok(),
            "epoch" => epoch = value.parse().unwrap_or(0),
            "edition" => listing.edition = value.parse::<Edition>().ok(),
            _ => {}
        }
    }
    // 204 tells an EventSource not to come again.
    let nothing = StatusCode::NO_CONTENT.into_response();
    let network = network(&request.extensions, &request.headers);
    let (Some(since), Some(place)) = (since, Place::take(&state.news, network)) else {
        return nothing;
    };
    let mut newest = state.news.newest.subscribe();
    // What came before this connection counts as well: a tab that was hidden for an hour asks anew.
    newest.mark_changed();
    let begun = (newest, 0_u64, place);
    let events = stream::unfold(begun, move |(mut newest, mut said, place)| {
        let (state, listing) = (state.clone(), listing.clone());
        async move {
            loop {
                newest.changed().await.ok()?;
                (*newest.borrow_and_update())?;
                let count = match state
                    .store
                    .news_since(&listing, since, epoch, state.clock.now())
                    .await
                {
                    Ok(count) => count,
                    Err(error) => {
                        tracing::warn!(%error, "news could not be counted");
                        continue;
                    }
                };
                if count != said {
                    said = count;
                    let event = Event::default().data(count.to_string());
                    return Some((Ok::<_, Infallible>(event), (newest, said, place)));
                }
            }
        }
    });
    let mut response = Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response();
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}
