//! Who sends a request, and how much one client may ask for at once.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use super::limits::is_read;
use crate::{
    clients::{Client, Connection, Slot},
    http::web::{page_error::PageError, query::QueryPairs},
    state::AppState,
};

/// Finds out who sends the request. Every limit reads it from the request.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let connection = request
        .extensions()
        .get::<Connection>()
        .copied()
        .unwrap_or_default();
    let client = state
        .clients
        .proxies
        .client(connection.peer.ip(), request.headers());
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// Answers 429 to a client with too many requests in flight. A request is in flight until its response is read.
pub async fn requests(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // An event stream stays open, and has a limit of its own.
    if request.uri().path() == "/events" {
        return next.run(request).await;
    }
    let client = Client::of(request.extensions());
    let Some(slot) = state.clients.requests.take(client.address) else {
        return PageError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many requests at once",
            "Your network has too many requests open. Nothing was changed. Please try again in a few seconds.",
        )
        .retry_after(2)
        .into_response();
    };
    next.run(request)
        .await
        .map(|body| Body::new(HoldingBody { body, _slot: slot }))
}

/// Lets a client run few searches at once. Further ones wait, and answer 429 if they wait too long.
pub async fn searches(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let is_search = is_read(&parts.method)
        && parts.uri.path() != "/events"
        && QueryPairs::of(&parts).listing().listing.query.has_terms();
    let client = Client::of(&parts.extensions);
    let request = Request::from_parts(parts, body);
    if !is_search {
        return next.run(request).await;
    }
    let clients = &state.clients;
    match clients.searches.wait(client.address, clients.search_wait).await {
        // Handlers read everything before they answer, so the search has ended with this response.
        Some(_slot) => next.run(request).await,
        None => PageError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many searches at once",
            "Other searches from your network are still running. Please try again in a few seconds.",
        )
        .or_json()
        .retry_after(2)
        .into_response(),
    }
}

/// A body that holds the place of its request until it was sent.
struct HoldingBody {
    body: Body,
    _slot: Slot,
}

impl HttpBody for HoldingBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
