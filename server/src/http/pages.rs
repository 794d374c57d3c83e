//! Answers that many handlers give: a page, an error as a page, a redirect.

use std::any::Any;

use app::{
    AppError,
    context::ForReader,
    pages::{ErrorPage, ErrorPageProps, RankingPage, RankingPageProps},
    shell::{self, Head},
};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::Window;
use jiff::Timestamp;
use leptos::IntoView;

use super::visitor::Visitor;
use crate::state::AppState;

/// HTML with its headers. Pages are personal (bookmarks, theme), so only the browser keeps them, and asks again.
pub fn html(status: StatusCode, html: String) -> Response {
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("cookie, x-fragment"));
    response
}

/// Renders a page for a visitor.
pub async fn render<V: IntoView>(
    state: &AppState,
    visitor: &Visitor,
    status: StatusCode,
    head: Head,
    content: impl FnOnce() -> V,
) -> Response {
    let frame = visitor.frame(state).await;
    let mut response = html(status, shell::page(frame, head, content));
    // What the service worker keeps of one reader it must not show to the next.
    if let Some(mark) = visitor
        .mark
        .as_deref()
        .and_then(|mark| HeaderValue::from_str(mark).ok())
    {
        response.headers_mut().insert("x-reader", mark);
    }
    response
}

/// Sends the browser elsewhere, by GET.
pub fn redirect(status: StatusCode, to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(location) => (status, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether a person's browser asks for a page, rather than a program for an answer.
pub fn wants_html(request: &Parts) -> bool {
    request
        .headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// An error as RFC 9457 has it.
pub fn problem(status: StatusCode, title: &str, detail: &str) -> Response {
    let body = serde_json::json!({ "type": "about:blank", "status": status.as_u16(), "title": title, "detail": detail });
    (
        status,
        [(header::CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}

/// An error in words: a page for a person, problem JSON for a program.
pub async fn trouble(
    state: &AppState,
    request: &Parts,
    status: StatusCode,
    title: &str,
    words: &str,
) -> Response {
    if !wants_html(request) {
        return problem(status, title, words);
    }
    let visitor = Visitor::of(state, request).await;
    error_page(state, &visitor, status, title, words, "/").await
}

/// An error as a page, with a way back.
pub async fn error_page(
    state: &AppState,
    visitor: &Visitor,
    status: StatusCode,
    title: &str,
    words: &str,
    back: &str,
) -> Response {
    let head = Head {
        title: title.to_owned(),
        noindex: true,
        ..Head::default()
    };
    let props = ErrorPageProps {
        status: status.as_u16(),
        title: title.to_owned(),
        words: words.to_owned(),
        back: back.to_owned(),
    };
    render(state, visitor, status, head, || ErrorPage(props)).await
}

/// What a failed page load answers: always a page, because pages are what these URLs are.
pub async fn failed(state: &AppState, visitor: &Visitor, error: AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (title, words) = match &error {
        AppError::NotFound => (
            "There is no such page",
            "The address may be mistyped, or the paper is not in this library.".to_owned(),
        ),
        AppError::Invalid(words) => ("That was not understood", words.clone()),
        AppError::DiskFull | AppError::ReadOnly | AppError::Busy => ("That did not work", error.to_string()),
        _ => (
            "Something broke on our side",
            "Nothing of yours was lost or changed. Please try again in a moment.".to_owned(),
        ),
    };
    error_page(state, visitor, status, title, &words, "/").await
}

/// A body longer than any form of ours.
pub async fn too_large(state: &AppState, request: &Parts) -> Response {
    let words = "A form of ours is smaller than 64 kB; nothing was changed.";
    trouble(state, request, StatusCode::PAYLOAD_TOO_LARGE, "Too large", words).await
}

/// A fault of ours: the reader gets words instead of a connection that ends. The panic itself is on standard error.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request ended in a panic");
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something broke on our side",
        "Nothing of yours was lost; please try again.",
    )
}

/// No route.
pub async fn not_found(State(state): State<AppState>, request: Parts) -> Response {
    let words = "The address may be mistyped, or the paper is not in this library. An arXiv id in the search finds its paper.";
    trouble(
        &state,
        &request,
        StatusCode::NOT_FOUND,
        "There is no such page",
        words,
    )
    .await
}

/// A route that is read, not written, or the other way round.
pub async fn wrong_method(State(state): State<AppState>, request: Parts) -> Response {
    let words = format!("This address does not answer {}.", request.method);
    trouble(
        &state,
        &request,
        StatusCode::METHOD_NOT_ALLOWED,
        "Not done this way",
        &words,
    )
    .await
}

/// `/about/ranking`
pub async fn ranking(State(state): State<AppState>, request: Parts) -> Response {
    let visitor = Visitor::of(&state, &request).await;
    let ranking = match state.store.current_ranking(Window::Week).await.for_reader() {
        Ok(ranking) => ranking,
        Err(error) => return failed(&state, &visitor, error).await,
    };
    let props = RankingPageProps {
        medians: ranking
            .iter()
            .flat_map(|ranking| {
                ranking
                    .medians
                    .iter()
                    .map(|(archive, medians)| (archive.clone(), *medians))
            })
            .collect(),
        ranked_for: ranking.and_then(|ranking| Timestamp::from_second(ranking.ranked_for).ok()),
        now: state.clock.now(),
    };
    let head = Head {
        title: "How papers are ranked".to_owned(),
        description: Some("The formula behind “trending”, with today’s constants.".to_owned()),
        canonical: Some(format!("{}/about/ranking", state.mail.public_url)),
        ..Head::default()
    };
    render(&state, &visitor, StatusCode::OK, head, || RankingPage(props)).await
}
