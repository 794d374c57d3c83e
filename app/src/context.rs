//! What server functions and pages get from the server: the only file of `app` that reads the request's context.

use crate::session::{Session, Sessions};
use http::{HeaderName, HeaderValue, header};
use jiff::Timestamp;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use mail::digest::MailService;
use store::Clock;
use store::Store;
use store::{ReaderId, StoreError};

use crate::AppError;

/// Everything a request can reach, and who is asking. Provided by `server` around each server function.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The database.
    pub store: Store,
    /// Letters.
    pub mail: MailService,
    /// Reader cookies.
    pub sessions: Sessions,
    /// Time.
    pub clock: Clock,
    /// Who is asking.
    pub session: Session,
}

/// The visit of the running request.
pub fn visit() -> Result<RequestContext, AppError> {
    use_context::<RequestContext>().ok_or_else(|| {
        tracing::error!("a server function ran without its context");
        AppError::Internal
    })
}

impl RequestContext {
    /// The moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The reader who asks; one is made, and given a cookie, if there is none yet.
    pub async fn reader_or_new(&self) -> Result<ReaderId, AppError> {
        if let Some(reader) = self.session.reader() {
            return Ok(reader);
        }
        let (reader, cookie) = self.sessions.make_reader(self.now()).await.for_reader()?;
        add_header(header::SET_COOKIE, &cookie);
        Ok(reader)
    }
}

/// Adds a header to the running request's answer.
pub fn add_header(name: HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        response.append_header(name, value);
    }
}

/// Turns a failure of the store into what a reader may be told, and logs the cause: once, here.
pub trait ForReader<T> {
    /// The value, or a named outcome.
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
