//! `/metrics`, as Prometheus reads it.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

use crate::state::AppState;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Requests {
    source: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Source {
    source: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Runs {
    job: String,
    outcome: &'static str,
}

/// What there is to watch: papers, rank runs, job runs, requests to the sources and how these do.
pub async fn metrics(State(state): State<AppState>) -> Response {
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
            tracing::error!(%error, "no metrics");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

async fn text(state: &AppState) -> anyhow::Result<String> {
    let now = state.clock.now();
    let mut registry = Registry::with_prefix("broadsheet");
    let gauge = |registry: &mut Registry, name: &str, help: &str, value: i64| {
        let gauge = <Gauge>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    let facts = state.store.facts(now).await?;
    gauge(
        &mut registry,
        "papers",
        "Papers in the library",
        i64::try_from(facts.papers).unwrap_or(i64::MAX),
    );
    gauge(
        &mut registry,
        "last_rank_timestamp_seconds",
        "When heat was last worked out",
        state.store.last_rank_run().await?.unwrap_or(0),
    );
    let requests = Family::<Requests, Counter>::default();
    for ((upstream, outcome), count) in state.sources.fetcher().counts() {
        requests
            .get_or_create(&Requests {
                source: upstream.code(),
                outcome,
            })
            .inc_by(count);
    }
    registry.register(
        "source_requests",
        "Requests to the sources since the start",
        requests,
    );
    let (failures, batches) = (
        Family::<Source, Gauge>::default(),
        Family::<Source, Gauge>::default(),
    );
    for (upstream, record) in state.store.source_records().await? {
        let source = Source {
            source: upstream.code(),
        };
        failures.get_or_create(&source).set(record.failures.into());
        batches
            .get_or_create(&source)
            .set(record.last_batch_at.unwrap_or(0));
    }
    registry.register(
        "source_failures",
        "Failed passes since the last good answer",
        failures,
    );
    registry.register(
        "source_last_batch_timestamp_seconds",
        "When the last batch with something in it came",
        batches,
    );
    let runs = Family::<Runs, Gauge>::default();
    for (job, failed, count) in state.store.job_run_counts().await? {
        runs.get_or_create(&Runs {
            job,
            outcome: if failed { "failed" } else { "ended" },
        })
        .set(count);
    }
    registry.register("job_runs", "Runs of each job in the last thirty days", runs);
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}
