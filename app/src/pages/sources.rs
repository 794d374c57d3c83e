//! Where the papers come from, and how the sources are doing.

use domain::JobRun;
use domain::{
    Upstream,
    text::counted,
    upstream::{Condition, SourceHealth},
};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

fn moment(at: Timestamp) -> impl IntoView {
    view! { <time datetime=at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()>{at.strftime("%-d %b %Y, %H:%M").to_string()}" UTC"</time> }
}

fn day(day: Date) -> String {
    day.strftime("%A %-d %B").to_string()
}

/// What the reader of a list should know of a source, if it is in trouble.
pub fn trouble_words(source: &SourceHealth) -> Option<String> {
    // Of what is asked on demand, whoever demands is told.
    if source.upstream == Upstream::ArxivApi {
        return None;
    }
    let name = source.upstream.short_label();
    let capital: String = name
        .chars()
        .enumerate()
        // arXiv is written small everywhere.
        .map(|(index, c)| {
            if index == 0 && !name.starts_with("arXiv") {
                c.to_ascii_uppercase()
            } else {
                c
            }
        })
        .collect();
    let since = source
        .last_answer
        .map(|at| format!(" since {}", at.strftime("%-d %B, %H:%M UTC")))
        .unwrap_or_default();
    match source.condition {
        Condition::Failing => Some(format!("{capital} has not answered as it should{since}.")),
        Condition::Late => Some(match source.last_batch {
            Some((Some(of), ..)) => format!("{capital} has announced nothing since {}.", day(of)),
            _ => format!("{capital} has sent nothing{since}."),
        }),
        Condition::Repeating => Some(format!(
            "{capital} repeats an earlier batch; its announcements wait."
        )),
        _ => None,
    }
}

/// One source in sentences.
fn sentences(source: &SourceHealth, now: Timestamp) -> Vec<AnyView> {
    let mut said = Vec::new();
    match source.last_batch {
        Some((of, at, size)) => {
            let of = of.map(|of| format!(" of {}", day(of))).unwrap_or_default();
            said.push(
                view! { {format!("The last batch{of} held {} and came ", counted(size, "record", "records"))} {moment(at)} "." }
                    .into_any(),
            );
        }
        None if source.last_answer.is_some() => said.push(view! { "No batch yet." }.into_any()),
        None => {}
    }
    if let Some(at) = source.next_expected {
        said.push(if at > now {
            view! { " The next is expected " {moment(at)} "." }.into_any()
        } else {
            view! { " The next has been expected since " {moment(at)} "." }.into_any()
        });
    }
    if let Some(repeated) = source.repeated_day {
        said.push(
            view! { {format!(" Under the date of {} it sent what it had sent before; nothing was taken from that.", day(repeated))} }
                .into_any(),
        );
    }
    if source.condition == Condition::Failing
        && let Some((what, at)) = &source.last_error
    {
        said.push(view! { {format!(" {what} (")} {moment(*at)} ")." }.into_any());
    }
    if let Some(at) = source.asked_again {
        said.push(view! { " It will be asked again " {moment(at)} "." }.into_any());
    }
    said
}

/// The page.
#[component]
pub fn SourcesPage(
    sources: Vec<SourceHealth>,
    runs: Vec<JobRun>,
    set_aside: Vec<(String, String, String)>,
    now: Timestamp,
) -> impl IntoView {
    let sources = sources
        .iter()
        .map(|source| view! {
            <section class="source">
                <h2>{source.upstream.label()}</h2>
                <p><strong class="condition" class:trouble=source.condition.is_trouble()>{source.condition.label()}</strong> ". " {sentences(source, now)}</p>
            </section>
        })
        .collect_view();
    let none = runs.is_empty();
    let runs = runs
        .into_iter()
        .map(|run| {
            let began = Timestamp::from_second(run.started_at).unwrap_or(Timestamp::UNIX_EPOCH);
            let outcome = match (run.error, run.ended_at) {
                (Some(error), _) => error,
                (None, None) => "running".to_owned(),
                (None, Some(_)) => "ended well".to_owned(),
            };
            view! {
                <tr><th scope="row">{run.job}</th><td>{moment(began)}</td><td>{run.requests}</td><td>{run.imported}</td><td>{run.updated}</td><td>{run.set_aside}</td><td>{outcome}</td></tr>
            }
        })
        .collect_view();
    let aside = (!set_aside.is_empty()).then(|| {
        let count = counted(set_aside.len() as u64, "record", "records");
        let rows = set_aside
            .into_iter()
            .map(|(job, record, reason)| view! { <tr><th scope="row">{job}</th><td>{record}</td><td>{reason}</td></tr> })
            .collect_view();
        view! {
            <h2>"Set aside"</h2>
            <p>{format!("{count} could not be read lately; the rest of their batches was kept.")}</p>
            <div class="table" role="group" aria-label="Records set aside" tabindex="0">
                <table class="terms runs">
                    <thead><tr><th scope="col">"Job"</th><th scope="col">"Record"</th><th scope="col">"Why"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    view! {
        <main id="main" tabindex="-1"><article class="prose">
            <h1>"Where the papers come from"</h1>
            <p class="lead">"Titles and abstracts are arXiv’s, votes are Hugging Face’s, stars are GitHub’s. This is how each is doing."</p>
            {sources}
            <h2>"What ran lately"</h2>
            {if none {
                view! { <p>"Nothing yet."</p> }.into_any()
            } else {
                view! {
                    <div class="table" role="group" aria-label="Runs" tabindex="0">
                        <table class="terms runs">
                            <thead><tr><th scope="col">"Job"</th><th scope="col">"Began"</th><th scope="col">"Requests"</th><th scope="col">"New"</th><th scope="col">"Changed"</th><th scope="col">"Set aside"</th><th scope="col">"Outcome"</th></tr></thead>
                            <tbody>{runs}</tbody>
                        </table>
                    </div>
                }
                .into_any()
            }}
            {aside}
            <p>"Between two requests to arXiv at least three seconds pass, whatever they are for. "<a href="/about/ranking">"How papers are ranked"</a></p>
        </article></main>
    }
    .into_any()
}
