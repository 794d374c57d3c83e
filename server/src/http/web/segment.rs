//! Parts of the path as text.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

/// The one captured part of a path, decoded. If its bytes are not UTF-8 it is empty, so that the visitor gets the same
/// "not found" page as for any other unknown address.
#[derive(Debug, Clone)]
pub struct Segment(pub String);

/// The two captured parts of a path, decoded. Both are empty if either is not UTF-8.
#[derive(Debug, Clone)]
pub struct TwoSegments(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(text.map(|Path(text)| text).unwrap_or_default()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TwoSegments {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let texts = Path::<(String, String)>::from_request_parts(parts, state).await;
        let (first, second) = texts.map(|Path(texts)| texts).unwrap_or_default();
        Ok(Self(first, second))
    }
}
