//! How many requests were answered, and how fast.

use std::time::Duration;

use axum::http::Method;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

/// Upper bounds of the buckets of durations, in seconds.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// The durations of each route; the function makes the histogram of a new one.
type Durations = Family<RouteLabels, Histogram, fn() -> Histogram>;

/// The requests since the start, by route. The routes are patterns, so their number is small.
#[derive(Debug, Clone)]
pub struct RequestMetrics {
    answered: Family<RequestLabels, Counter>,
    durations: Durations,
}

impl Default for RequestMetrics {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        Self {
            answered: Family::default(),
            durations: Family::new_with_constructor(histogram),
        }
    }
}

impl RequestMetrics {
    /// Counts an answered request.
    pub fn observe(&self, method: &Method, route: &str, status: u16, duration: Duration) {
        // Clients can invent methods. All invented ones are one.
        let known = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::OPTIONS,
            Method::PUT,
            Method::DELETE,
        ];
        let method = known
            .iter()
            .find(|one| *one == method)
            .map_or("other", Method::as_str);
        self.answered
            .get_or_create(&RequestLabels {
                method: method.to_owned(),
                route: route.to_owned(),
                status,
            })
            .inc();
        self.durations
            .get_or_create(&RouteLabels {
                route: route.to_owned(),
            })
            .observe(duration.as_secs_f64());
    }

    /// Adds the counts to a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "requests",
            "Answered requests since the start",
            self.answered.clone(),
        );
        registry.register(
            "request_duration_seconds",
            "How long answers took",
            self.durations.clone(),
        );
    }
}
