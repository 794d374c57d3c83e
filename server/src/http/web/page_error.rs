//! A request that failed, in words for the visitor.

use std::borrow::Cow;

use app::AppError;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::responses::problem;

/// What a handler of a page returns.
pub type PageResult = Result<Response, PageError>;

/// An error page that is still to be rendered.
///
/// As a response it is problem JSON and carries itself along; `error_pages` turns it into a page for people. A handler
/// can therefore use `?` wherever it fails, and needs neither the visitor nor the database for its error.
#[derive(Debug, Clone)]
pub struct PageError {
    /// The HTTP status.
    pub status: StatusCode,
    /// The heading of the page.
    pub title: Cow<'static, str>,
    /// What is wrong, and what the visitor can do.
    pub message: Cow<'static, str>,
    /// Where the link on the page leads.
    pub back: Cow<'static, str>,
    /// For `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// Whether a client that does not ask for HTML gets problem JSON instead of a page.
    pub may_be_json: bool,
}

impl PageError {
    /// An error that is always a page, with a link to the front page.
    pub fn new(
        status: StatusCode,
        title: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            title: title.into(),
            message: message.into(),
            back: Cow::Borrowed("/"),
            retry_after: None,
            may_be_json: false,
        }
    }

    /// Problem JSON for a client that does not ask for HTML.
    pub fn or_json(self) -> Self {
        Self {
            may_be_json: true,
            ..self
        }
    }

    /// With a link to this path instead of the front page.
    pub fn back_to(self, path: &str) -> Self {
        Self {
            back: Cow::Owned(path.to_owned()),
            ..self
        }
    }

    /// With `Retry-After`, in seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// No page has this address.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "Page not found",
            "Check the address, or search by arXiv id.",
        )
        .or_json()
    }

    /// The body is longer than any form.
    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "Form too large",
            "A form may have at most 64 kB. Nothing was changed.",
        )
        .or_json()
    }
}

/// The status of an error in the interface.
pub fn status_of(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        let (title, message) = match &error {
            AppError::NotFound => (
                "Page not found",
                "Check the address, or search by arXiv id.".into(),
            ),
            AppError::Invalid(message) => ("Invalid request", message.clone().into()),
            AppError::DiskFull | AppError::ReadOnly | AppError::Busy => {
                ("The request failed", error.to_string().into())
            }
            _ => (
                "Something went wrong on our end",
                Cow::Borrowed("Nothing was lost or changed. Please try again in a moment."),
            ),
        };
        Self::new(status_of(&error), title, message)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = problem(self.status, &self.title, &self.message);
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}
