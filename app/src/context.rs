//! What server functions and pages get from the server. No other file of `app` reads the context of the request.

use http::{HeaderName, HeaderValue, header};
use jiff::Timestamp;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use mail::MailService;
use store::{Clock, ReaderId, Store, StoreError};

use crate::{
    AppError,
    session::{Session, Sessions},
};

/// Everything a request can use, and who sends it. `server` provides it around each server function.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The database.
    pub store: Store,
    /// Email and subscriptions.
    pub mail: MailService,
    /// Reader cookies.
    pub sessions: Sessions,
    /// The time.
    pub clock: Clock,
    /// Who sends the request.
    pub session: Session,
}

/// The context of the current request.
pub fn request_context() -> Result<RequestContext, AppError> {
    use_context::<RequestContext>().ok_or_else(|| {
        tracing::error!("a server function ran without its context");
        AppError::Internal
    })
}

impl RequestContext {
    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The current reader. Creates one and sets their cookie if there is none.
    pub async fn reader_or_new(&self) -> Result<ReaderId, AppError> {
        if let Some(reader) = self.session.reader() {
            return Ok(reader);
        }
        let (reader, cookie) = self.sessions.make_reader(self.now()).await.for_reader()?;
        add_header(header::SET_COOKIE, &cookie);
        Ok(reader)
    }
}

/// Adds a header to the response of the current request.
pub fn add_header(name: HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        response.append_header(name, value);
    }
}

/// Sets a cookie for a year that scripts can read and write too.
pub fn set_choice(name: &str, value: &str) {
    add_header(
        header::SET_COOKIE,
        &format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"),
    );
}

/// Turns an error of the store into one that a reader may see, and logs the cause. Errors are logged only here, so each
/// is logged once.
pub trait ForReader<T> {
    /// The value, or an error for the reader.
    fn for_reader(self) -> Result<T, AppError>;
}

impl<T> ForReader<T> for Result<T, StoreError> {
    fn for_reader(self) -> Result<T, AppError> {
        self.map_err(|error| {
            tracing::error!(%error, "the store failed");
            match error {
                StoreError::DiskFull(_) => AppError::DiskFull,
                StoreError::ReadOnly(_) => AppError::ReadOnly,
                StoreError::Busy(_) => AppError::Busy,
                _ => AppError::Internal,
            }
        })
    }
}
