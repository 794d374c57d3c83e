//! The errors that a reader may see. Their causes go to the log, never to the page.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// An error with a text for the reader.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AppError {
    /// There is no such paper.
    #[error("Paper not found.")]
    NotFound,
    /// Bad input. The text says what is wrong and how to correct it.
    #[error("{0}")]
    Invalid(String),
    /// The address is suppressed: emails to it bounced or were reported as spam.
    #[error("{why}")]
    Suppressed {
        /// The reason, as a text for the reader.
        why: String,
        /// Whether the reader may ask for one more attempt.
        may_try: bool,
    },
    /// The disk of the database is full.
    #[error("Not saved: the server’s disk is full. Earlier bookmarks are safe.")]
    DiskFull,
    /// The database cannot be written.
    #[error("Not saved: the server is in read-only mode. Earlier bookmarks are safe.")]
    ReadOnly,
    /// Another process holds the write lock of the database.
    #[error("Not saved: the database is busy. Please try again in a moment.")]
    Busy,
    /// Anything else.
    #[error("Something went wrong on our end. Nothing was lost; please try again.")]
    Internal,
    /// The browser did not reach the server.
    #[error("The server did not answer. Nothing was changed; please try again.")]
    Unreachable,
}

impl AppError {
    /// The HTTP status of the error.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Invalid(_) | Self::Suppressed { .. } => 422,
            Self::DiskFull => 507,
            Self::ReadOnly | Self::Busy => 503,
            Self::Internal => 500,
            Self::Unreachable => 502,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Deserialization(_) => Self::Unreachable,
            ServerFnErrorErr::Args(what) | ServerFnErrorErr::MissingArg(what) => {
                Self::Invalid(format!("Invalid request: {what}"))
            }
            _ => Self::Internal,
        }
    }
}
