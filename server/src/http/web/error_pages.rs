//! Renders every failed page, once, for the visitor who asked.

use std::{any::Any, time::Duration};

use app::{
    pages::{ErrorPage, ErrorPageProps},
    shell::Head,
};
use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    page::render,
    page_error::PageError,
    request_id::RequestId,
    responses::{problem, wants_html},
    visitor::Visitor,
};
use crate::state::AppState;

/// Time to render an error page. It may need the database.
const RENDER_TIMEOUT: Duration = Duration::from_secs(30);
/// The same after a request that already took too long, perhaps because the database does not answer.
const RENDER_TIMEOUT_WHEN_LATE: Duration = Duration::from_secs(2);

/// Replaces the JSON of a [`PageError`] by its page, unless the client does not ask for HTML.
pub async fn error_pages(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // The page needs the cookies and the path after the handler has used the request.
    let asked = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(error) = response.extensions_mut().remove::<PageError>() else {
        return response;
    };
    if error.may_be_json && !wants_html(&asked) {
        return response;
    }
    let limit = if error.status == StatusCode::GATEWAY_TIMEOUT {
        RENDER_TIMEOUT_WHEN_LATE
    } else {
        RENDER_TIMEOUT
    };
    let Ok(mut page) = tokio::time::timeout(limit, error_page(&state, &asked, &error)).await else {
        return response;
    };
    if let Some(seconds) = error.retry_after {
        page.headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if asked.method == Method::HEAD {
        let length = page.body().size_hint().exact();
        *page.body_mut() = Body::empty();
        if let Some(length) = length {
            page.headers_mut()
                .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
    }
    page
}

async fn error_page(state: &AppState, request: &Parts, error: &PageError) -> Response {
    let visitor = Visitor::of(state, request).await;
    let head = Head {
        title: error.title.to_string(),
        noindex: true,
        ..Head::default()
    };
    let props = ErrorPageProps {
        status: error.status.as_u16(),
        title: error.title.to_string(),
        words: error.message.to_string(),
        back: error.back.to_string(),
        request: request.extensions.get::<RequestId>().map(|id| id.0.clone()),
    };
    render(state, &visitor, error.status, head, || ErrorPage(props)).await
}

/// The response after a panic. The log line carries the id and the route of the request.
pub fn panicked(payload: Box<dyn Any + Send>) -> Response {
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(message, "a request ended in a panic");
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong on our end",
        "Nothing was lost. Please try again.",
    )
}

/// No route has this path.
pub async fn not_found() -> PageError {
    PageError::not_found()
}

/// The route of this path does not answer this method.
pub async fn wrong_method(method: Method) -> Response {
    PageError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "Method not allowed",
        format!("This address does not accept {method} requests."),
    )
    .or_json()
    .into_response()
}
