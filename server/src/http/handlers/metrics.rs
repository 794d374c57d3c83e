//! `/metrics`, in the text format of Prometheus.

use axum::{
    extract::State,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, info::Info},
    registry::Registry,
};

use crate::{clients::Client, http::web::page_error::PageError, state::AppState};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    source: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SourceLabels {
    source: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RunLabels {
    job: String,
    outcome: &'static str,
}

/// `GET /metrics`: papers, rank runs, job runs, requests to the sources, failures of the sources, answered requests by
/// route, and the version.
pub async fn metrics(State(state): State<AppState>, request: Parts) -> Response {
    if !state.metrics.allows(Client::of(&request.extensions).address) {
        let message = "Metrics are available only from the server itself and from private networks. Change this with BROADSHEET_METRICS.";
        return PageError::new(StatusCode::FORBIDDEN, "Not allowed", message)
            .or_json()
            .into_response();
    }
    match text(&state).await {
        Ok(text) => (
            [(
                header::CONTENT_TYPE,
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
            )],
            text,
        )
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot read the metrics");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

async fn text(state: &AppState) -> anyhow::Result<String> {
    let mut registry = Registry::with_prefix("broadsheet");
    library(state, &mut registry).await?;
    requests(state, &mut registry);
    sources(state, &mut registry).await?;
    job_runs(state, &mut registry).await?;
    state.requests.register(&mut registry);
    build(&mut registry);
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

async fn library(state: &AppState, registry: &mut Registry) -> anyhow::Result<()> {
    let facts = state.store.facts(state.clock.now()).await?;
    let papers = i64::try_from(facts.papers).unwrap_or(i64::MAX);
    let last_rank = state.store.last_rank_run().await?.unwrap_or(0);
    for (name, help, value) in [
        ("papers", "Papers in the library", papers),
        (
            "last_rank_timestamp_seconds",
            "Time of the last rank run",
            last_rank,
        ),
    ] {
        let gauge = <Gauge>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
    Ok(())
}

/// The version of this program, as a label of a metric that is always 1.
fn build(registry: &mut Registry) {
    let labels = [("version", env!("CARGO_PKG_VERSION"))];
    registry.register("build", "The version of this program", Info::new(labels));
}

fn requests(state: &AppState, registry: &mut Registry) {
    let requests = Family::<RequestLabels, Counter>::default();
    for ((upstream, outcome), count) in state.sources.fetcher().counts() {
        let labels = RequestLabels {
            source: upstream.code(),
            outcome,
        };
        requests.get_or_create(&labels).inc_by(count);
    }
    registry.register(
        "source_requests",
        "Requests to the sources since the start",
        requests,
    );
}

async fn sources(state: &AppState, registry: &mut Registry) -> anyhow::Result<()> {
    let (failures, batches) = (
        Family::<SourceLabels, Gauge>::default(),
        Family::<SourceLabels, Gauge>::default(),
    );
    for (upstream, record) in state.store.source_records().await? {
        let labels = SourceLabels {
            source: upstream.code(),
        };
        failures.get_or_create(&labels).set(record.failures.into());
        let last_batch = record.last_batch_at.unwrap_or(0);
        batches.get_or_create(&labels).set(last_batch);
    }
    registry.register(
        "source_failures",
        "Failed passes since the last successful one",
        failures,
    );
    registry.register(
        "source_last_batch_timestamp_seconds",
        "Time of the last batch that was not empty",
        batches,
    );
    Ok(())
}

async fn job_runs(state: &AppState, registry: &mut Registry) -> anyhow::Result<()> {
    let runs = Family::<RunLabels, Gauge>::default();
    for (job, failed, count) in state.store.job_run_counts().await? {
        let outcome = if failed { "failed" } else { "ended" };
        runs.get_or_create(&RunLabels { job, outcome }).set(count);
    }
    registry.register(
        "job_runs",
        "Runs of each job that are still in the database: 30 days, and at most 5,000 of each job",
        runs,
    );
    Ok(())
}
