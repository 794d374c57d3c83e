//! Where the papers come from, and how the sources are doing.

use domain::{JobRun, text::counted, upstream::SourceHealth};
use jiff::Timestamp;
use leptos::prelude::*;

use super::source_status::{moment, sentences};

/// The state of each source.
fn states(sources: &[SourceHealth], now: Timestamp) -> impl IntoView + use<> {
    sources
        .iter()
        .map(|source| view! {
            <section class="source">
                <h2>{source.upstream.label()}</h2>
                <p><strong class="condition" class:trouble=source.condition.is_problem()>{source.condition.label()}</strong> ". " {sentences(source, now)}</p>
            </section>
        })
        .collect_view()
}

/// The last runs of the jobs.
#[component]
fn Runs(runs: Vec<JobRun>) -> impl IntoView {
    if runs.is_empty() {
        return view! { <p>"Nothing yet."</p> }.into_any();
    }
    let rows = runs
        .into_iter()
        .map(|run| {
            let began = Timestamp::from_second(run.started_at).unwrap_or(Timestamp::UNIX_EPOCH);
            let outcome = match (run.error, run.ended_at) {
                (Some(error), _) => error,
                (None, None) => "running".to_owned(),
                (None, Some(_)) => "succeeded".to_owned(),
            };
            view! {
                <tr><th scope="row">{run.job}</th><td>{moment(began)}</td><td>{run.requests}</td><td>{run.imported}</td><td>{run.updated}</td><td>{run.set_aside}</td><td>{outcome}</td></tr>
            }
        })
        .collect_view();
    view! {
        <div class="table" role="group" aria-label="Runs" tabindex="0">
            <table class="terms runs">
                <thead><tr><th scope="col">"Job"</th><th scope="col">"Started"</th><th scope="col">"Requests"</th><th scope="col">"New"</th><th scope="col">"Changed"</th><th scope="col">"Skipped"</th><th scope="col">"Outcome"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Records that could not be read: job, record and reason.
#[component]
fn Skipped(records: Vec<(String, String, String)>) -> impl IntoView {
    (!records.is_empty()).then(|| {
        let count = counted(records.len() as u64, "record", "records");
        let rows = records
            .into_iter()
            .map(|(job, record, reason)| view! { <tr><th scope="row">{job}</th><td>{record}</td><td>{reason}</td></tr> })
            .collect_view();
        view! {
            <h2>"Skipped"</h2>
            <p>{format!("{count} could not be read recently. All other records were imported.")}</p>
            <div class="table" role="group" aria-label="Skipped records" tabindex="0">
                <table class="terms runs">
                    <thead><tr><th scope="col">"Job"</th><th scope="col">"Record"</th><th scope="col">"Reason"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    })
}

/// The page.
#[component]
pub fn SourcesPage(
    /// The state of each source.
    sources: Vec<SourceHealth>,
    /// The last runs of the jobs.
    runs: Vec<JobRun>,
    /// Records that could not be read: job, record and reason.
    set_aside: Vec<(String, String, String)>,
    /// The current time.
    now: Timestamp,
) -> impl IntoView {
    view! {
        <main id="main" tabindex="-1"><article class="prose">
            <h1>"Sources"</h1>
            <p class="lead">"Titles and abstracts come from arXiv, upvotes from Hugging Face, stars from GitHub. Current status:"</p>
            {states(&sources, now)}
            <h2>"Recent jobs"</h2>
            <Runs runs/>
            <Skipped records=set_aside/>
            <p>"Requests to arXiv are at least three seconds apart. "<a href="/about/ranking">"How papers are ranked"</a></p>
        </article></main>
    }
    .into_any()
}
