//! One log line for each request, with an id that the error page shows too, and the counts for `/metrics`.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use store::tokens::random_bytes;
use tracing::{Instrument, Level, info_span};

use crate::{http::web::request_id::RequestId, state::AppState};

/// The header with the id of the request.
const REQUEST_ID: &str = "x-request-id";
/// The route of a request that no route matches. Its path may hold anything, so it is not logged.
const NO_ROUTE: &str = "none";

/// Logs the request: its id, method, route, status and duration. The route is the pattern, not the path, because paths of
/// emailed links hold tokens. Everything that the request logs names its id and route.
pub async fn log(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = new_id();
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| NO_ROUTE.to_owned(), |path| path.as_str().to_owned());
    let span = info_span!("request", id = %id.0, %route);
    let mut response = next.run(request).instrument(span).await;
    let duration = start.elapsed();
    let status = response.status().as_u16();
    state.requests.observe(&method, &route, status, duration);
    write_line(&id, &method, &route, status, duration);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID, value);
    }
    // The duration of a form could reveal what is stored, for example whether an address is subscribed.
    if method != Method::POST
        && let Ok(value) = HeaderValue::from_str(&format!("app;dur={:.3}", duration.as_secs_f64() * 1_000.0))
    {
        headers.insert("server-timing", value);
    }
    response
}

/// Eight random bytes in hexadecimal digits. Without random bytes, an id that stands for no request.
fn new_id() -> RequestId {
    let bytes = random_bytes::<8>().unwrap_or_default();
    RequestId(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A first visit fetches eight files, so files are logged only at `debug`.
fn write_line(id: &RequestId, method: &Method, route: &str, status: u16, duration: Duration) {
    let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let is_file = route.starts_with("/pkg/") || route.starts_with("/fonts/");
    if is_file && status < 400 {
        tracing::event!(Level::DEBUG, request = %id.0, %method, route, status, ms, "answered");
    } else {
        tracing::event!(Level::INFO, request = %id.0, %method, route, status, ms, "answered");
    }
}
