//! A part of the path as text.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

/// The one captured part of a path, decoded. Bytes that are no text are empty here, which names nothing: such an
/// address gets the same page as any other that leads nowhere.
#[derive(Debug, Clone)]
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(text.map(|Path(text)| text).unwrap_or_default()))
    }
}
