//! What the query of a URL asks for.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use domain::{Listing, listing::ParsedListing};

/// The decoded `name=value` pairs of a request's query, in order.
#[derive(Debug, Clone)]
pub struct QueryPairs(Vec<(String, String)>);

impl QueryPairs {
    /// Reads the query of a request.
    pub fn of(request: &Parts) -> Self {
        Self(
            form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// All pairs, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Whether this name occurs.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The query as a listing. Values that cannot be read are named in its notices.
    pub fn listing(&self) -> ParsedListing {
        Listing::read(self.iter())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for QueryPairs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}
