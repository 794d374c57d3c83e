//! What is sent, and what comes back.

use std::time::Duration;

use domain::Upstream;

/// One request to a source.
#[derive(Debug, Clone)]
pub struct FetchRequest {
    /// The source.
    pub upstream: Upstream,
    /// The URL.
    pub url: String,
    /// Additional headers.
    pub headers: Vec<(&'static str, String)>,
    /// A body that is posted as JSON. Without it the request is a GET.
    pub json: Option<String>,
    /// Whether to ask only for what has changed since last time (`If-None-Match`, `If-Modified-Since`).
    pub conditional: bool,
    /// Whether 404, 410 and 451 are answers ([`Fetched::Missing`]) and not failures.
    pub may_be_missing: bool,
    /// Further statuses whose body is read, as that of 200 is.
    pub also_accepted: &'static [u16],
    /// The longest wait for the gate, if a reader is waiting. Such a request is not repeated.
    pub max_wait: Option<Duration>,
}

impl FetchRequest {
    /// A plain GET.
    pub fn get(upstream: Upstream, url: String) -> Self {
        Self {
            upstream,
            url,
            headers: Vec::new(),
            json: None,
            conditional: false,
            may_be_missing: false,
            also_accepted: &[],
            max_wait: None,
        }
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched<T> {
    /// A response, already read.
    Fresh(T),
    /// 304: nothing has changed since last time.
    Unchanged,
    /// 404, 410 or 451: it does not exist.
    Missing,
}

impl<T> Fetched<T> {
    /// Its text in metrics.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Fresh(_) => "fresh",
            Self::Unchanged => "unchanged",
            Self::Missing => "missing",
        }
    }
}
