//! Names for handlers that render their errors themselves.

use app::AppError;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

pub use crate::http::web::{page::render, responses::redirect};
use crate::{
    http::web::{page_error::PageError, visitor::Visitor},
    state::AppState,
};

/// The page of an error.
pub async fn failed(_: &AppState, _: &Visitor, error: AppError) -> Response {
    PageError::from(error).into_response()
}

/// An error page with a link back.
pub async fn error_page(
    _: &AppState,
    _: &Visitor,
    status: StatusCode,
    title: &str,
    words: &str,
    back: &str,
) -> Response {
    PageError::new(status, title.to_owned(), words.to_owned())
        .back_to(back)
        .into_response()
}
