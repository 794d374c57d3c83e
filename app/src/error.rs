//! What a reader may be told when something fails. The cause goes to the log, never to the page.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// A named outcome with words for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum AppError {
    /// Nothing under this name.
    #[error("There is no such paper here.")]
    NotFound,
    /// Bad input; says what is wrong and how to mend it.
    #[error("{0}")]
    Invalid(String),
    /// Nothing is sent to this address; says why, and whether its reader may have it tried once more.
    #[error("{why}")]
    Suppressed {
        /// In words.
        why: String,
        /// Once more may help.
        may_try: bool,
    },
    /// The disk of the database is full.
    #[error("Not kept: the disk of this Broadsheet is full. What you kept before is safe.")]
    DiskFull,
    /// The database cannot be written.
    #[error("Not kept: this Broadsheet can only be read at the moment. What you kept before is safe.")]
    ReadOnly,
    /// The write lock was not to be had.
    #[error("Not kept: the database is busy. Please try again in a moment.")]
    Busy,
    /// Anything else.
    #[error("Something broke on our side. Nothing of yours was lost; please try again.")]
    Internal,
    /// The browser did not get through to us.
    #[error("The server did not answer. Nothing was changed; please try again.")]
    Unreachable,
}

impl AppError {
    /// The HTTP status that says the same.
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
                Self::Invalid(format!("The form was not understood: {what}"))
            }
            _ => Self::Internal,
        }
    }
}
