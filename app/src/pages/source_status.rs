//! How the sources are doing, in sentences.

use domain::{
    Upstream,
    text::counted,
    upstream::{Condition, SourceHealth},
};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

/// A moment, to the minute.
pub(super) fn moment(at: Timestamp) -> impl IntoView {
    view! { <time datetime=at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()>{at.strftime("%-d %b %Y, %H:%M").to_string()}" UTC"</time> }
}

fn day_label(day: Date) -> String {
    day.strftime("%A %-d %B").to_string()
}

/// The name of a source at the beginning of a sentence. arXiv keeps its small letter.
fn name_of(upstream: Upstream) -> String {
    let name = upstream.short_label();
    let mut chars = name.chars();
    match chars.next() {
        Some(first) if !name.starts_with("arXiv") => first.to_ascii_uppercase().to_string() + chars.as_str(),
        _ => name.to_owned(),
    }
}

/// What the reader of a list should know about a source that has a problem.
pub fn source_warning(source: &SourceHealth) -> Option<String> {
    // The query API is used on demand: readers see its errors when they use it.
    if source.upstream == Upstream::ArxivApi {
        return None;
    }
    let name = name_of(source.upstream);
    let answered = source
        .last_answer
        .map(|at| at.strftime("%-d %B, %H:%M UTC").to_string());
    match source.condition {
        Condition::Failing => Some(match answered {
            Some(moment) => format!("{name} is failing; it last answered {moment}."),
            None => format!("{name} is failing."),
        }),
        Condition::Late => Some(match (source.last_batch, answered) {
            (Some((Some(day), ..)), _) => format!("{name} has announced nothing since {}.", day_label(day)),
            (_, Some(moment)) => format!("{name} has sent nothing since {moment}."),
            (_, None) => format!("{name} has sent nothing."),
        }),
        Condition::Repeating => Some(format!(
            "{name} sent a repeated batch; announcements are on hold."
        )),
        _ => None,
    }
}

/// The state of one source in sentences.
pub(super) fn sentences(source: &SourceHealth, now: Timestamp) -> Vec<AnyView> {
    let mut sentences = Vec::new();
    match source.last_batch {
        Some((day, at, size)) => {
            let day = day
                .map(|day| format!(" of {}", day_label(day)))
                .unwrap_or_default();
            sentences.push(
                view! { {format!("The last batch{day} had {} and arrived ", counted(size, "record", "records"))} {moment(at)} "." }
                    .into_any(),
            );
        }
        None if source.last_answer.is_some() => sentences.push(view! { "No batch yet." }.into_any()),
        None => {}
    }
    if let Some(at) = source.next_expected {
        sentences.push(if at > now {
            view! { " The next batch is expected " {moment(at)} "." }.into_any()
        } else {
            view! { " The next batch has been expected since " {moment(at)} "." }.into_any()
        });
    }
    if let Some(repeated) = source.repeated_day {
        sentences.push(
            view! { {format!(" The batch of {} repeated an earlier one and was ignored.", day_label(repeated))} }
                .into_any(),
        );
    }
    if source.condition == Condition::Failing
        && let Some((error, at)) = &source.last_error
    {
        sentences.push(view! { {format!(" {error} (")} {moment(*at)} ")." }.into_any());
    }
    if let Some(at) = source.retry_at {
        sentences.push(view! { " The next attempt is at " {moment(at)} "." }.into_any());
    }
    sentences
}
