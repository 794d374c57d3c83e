//! Limits of size, time and rate.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{clients::Client, http::web::page_error::PageError, state::AppState};

/// The largest body of any form, in bytes, with room to spare.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// Time for an answer. A client that waited this long has usually given up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Answers 413 if a body says that it is too long. A body that does not say is cut off while it is read.
pub async fn bodies(request: Request, next: Next) -> Response {
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return PageError::too_large().into_response();
    }
    next.run(request).await
}

/// Answers 504 if an answer takes too long.
pub async fn time(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    match tokio::time::timeout(ANSWER_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(%method, "an answer took too long");
            PageError::new(
                StatusCode::GATEWAY_TIMEOUT,
                "This took too long",
                "The response was not ready in time. If you changed something, check whether it was saved before you try again.",
            )
            .or_json()
            .into_response()
        }
    }
}

/// Answers 429 to a network that writes too often.
pub async fn writes(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if is_read(request.method()) || is_never_limited(request.uri().path()) {
        return next.run(request).await;
    }
    let network = Client::of(request.extensions()).network();
    let mut allowed = state.limits.check_write(network);
    if allowed.is_ok() && request.uri().path() == "/fn/subscribe" {
        allowed = state.limits.check_confirmation(network);
    }
    match allowed {
        Ok(()) => next.run(request).await,
        Err(seconds) => PageError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many requests",
            format!("Nothing was changed. Please try again in {seconds} seconds."),
        )
        .or_json()
        .retry_after(seconds)
        .into_response(),
    }
}

/// Whether a method only reads.
pub fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Unsubscribing must always work, also from the preferences page.
fn is_never_limited(path: &str) -> bool {
    path.starts_with("/unsubscribe/") || path.starts_with("/preferences/")
}
