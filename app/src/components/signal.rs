//! What is counted of a paper, and how it moved; where its code is; how it was announced.

use domain::{
    paper::{CodeLink, CodeState, History, Signal},
    text::grouped,
    upstream::{AnnounceKind, Announcement},
};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

use super::{Stars, Upvotes};

/// The drawing's own units; the style sheet says how large it is.
const WIDE: f64 = 56.0;
const HIGH: f64 = 14.0;
/// A gain is what a week brought.
const WEEK: i64 = 7 * 86_400;

fn day(at: i64) -> String {
    Timestamp::from_second(at)
        .map(|at| at.strftime("%-d %B %Y").to_string())
        .unwrap_or_default()
}

/// The points of the line, time from left to right, the least total at the foot.
fn points(points: &[(i64, i64)]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return String::new();
    };
    let low = points.iter().map(|(_, total)| *total).min().unwrap_or(0);
    let high = points.iter().map(|(_, total)| *total).max().unwrap_or(0);
    let (span, range) = ((last.0 - first.0).max(1) as f64, (high - low).max(1) as f64);
    points
        .iter()
        .map(|(at, total)| {
            let x = (at - first.0) as f64 / span * WIDE;
            let y = HIGH - 1.0 - (total - low) as f64 / range * (HIGH - 2.0);
            format!("{x:.1},{y:.1}")
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// What the last week of a history brought.
fn weeks_gain(history: &History) -> i64 {
    let Some((last_at, last)) = history.points.last() else {
        return 0;
    };
    let before = history
        .points
        .iter()
        .rev()
        .find(|(at, _)| *at <= last_at - WEEK)
        .or(history.points.first());
    before.map_or(0, |(_, total)| (last - total).max(0))
}

/// A small drawing of a history, with the same in words.
#[component]
fn Spark(history: History) -> impl IntoView {
    let (first, last) = (history.points.first().copied(), history.points.last().copied());
    let what = match history.signal {
        Signal::Upvotes => "Upvotes",
        Signal::Stars => "Stars",
    };
    first.zip(last).map(|((from_at, from), (to_at, to))| {
        let words = format!("{what}: from {from} on {} to {to} on {}", day(from_at), day(to_at));
        view! {
            <svg class="spark" role="img" aria-label=words viewBox=format!("0 0 {WIDE} {HIGH}") preserveAspectRatio="none">
                <polyline points=points(&history.points) vector-effect="non-scaling-stroke"/>
            </svg>
        }
        .into_any()
    })
}

/// A total, what the last week added to it, and how it moved.
#[component]
pub fn Total(signal: Signal, count: u32, history: Vec<History>) -> impl IntoView {
    let history = history.into_iter().find(|history| history.signal == signal);
    let gain = history.as_ref().map(weeks_gain).filter(|gain| *gain > 0);
    let total = match signal {
        Signal::Upvotes => view! { <Upvotes count/> }.into_any(),
        Signal::Stars => view! { <Stars count/> }.into_any(),
    };
    view! {
        {total}
        {gain.map(|gain| view! { " " <span class="gain">{format!("+{}", grouped(gain.unsigned_abs()))}<span class="vh">" in the last week"</span></span> })}
        {history.map(|history| view! { " " <Spark history/> })}
    }
    .into_any()
}

/// The state of a repository in a word, where it is not as one would expect.
fn state_words(state: CodeState) -> Option<&'static str> {
    match state {
        CodeState::Unknown | CodeState::Reachable => None,
        CodeState::Archived => Some("archived"),
        CodeState::Gone => Some("gone"),
    }
}

/// The link to the code; the address says where it leads, the title who said so.
#[component]
pub fn Code(code: CodeLink) -> impl IntoView {
    let state =
        state_words(code.state).map(|words| view! { " " <span class="state">{format!("({words})")}</span> });
    view! {
        <a href=code.url rel="nofollow" title=format!("Code, {}", code.provenance)>"code"<span class="vh">{format!(", {}", code.provenance)}</span></a>
        {state}
    }
    .into_any()
}

/// What is known of a repository, in words: "from the abstract; archived".
pub fn code_words(code: &CodeLink) -> String {
    match state_words(code.state) {
        Some(state) => format!("{}; {state}", code.provenance),
        None => code.provenance.to_owned(),
    }
}

/// "new on 24 November", "replaced by version 3 on 24 November".
pub fn announced_words(said: &Announcement) -> String {
    let on = said.day.strftime("%-d %B %Y");
    match (said.kind, said.version) {
        (AnnounceKind::Replace | AnnounceKind::ReplaceCross, Some(version)) => {
            format!("replaced by version {version} on {on}")
        }
        (kind, _) => format!("{} on {on}", kind.words()),
    }
}

/// The mark of a card that is not simply new: cross-listed, or replaced by a later version. Silent after a fortnight.
#[component]
pub fn Announced(said: Option<Announcement>, today: Date) -> impl IntoView {
    let recent = |said: &Announcement| today.since(said.day).is_ok_and(|span| span.get_days() <= 14);
    said.filter(|said| said.kind != AnnounceKind::New && recent(said))
        .map(|said| {
            let words = match said.version {
                Some(version) if said.kind != AnnounceKind::Cross => {
                    format!("{} v{version}", said.kind.words())
                }
                _ => said.kind.words().to_owned(),
            };
            view! { <li><span title=announced_words(&said)>{words}</span></li> }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_goes_from_the_least_at_the_foot_to_the_most_at_the_top() {
        assert_eq!(
            points(&[(0, 10), (50, 20), (100, 30)]),
            "0.0,13.0 28.0,7.0 56.0,1.0"
        );
        // Nothing moved: a level line.
        assert_eq!(points(&[(0, 5), (100, 5)]), "0.0,13.0 56.0,13.0");
    }

    #[test]
    fn a_weeks_gain_is_what_was_added_since_the_total_of_a_week_ago() {
        let history = |points: &[(i64, i64)]| History {
            signal: Signal::Stars,
            points: points.to_vec(),
        };
        let day = 86_400;
        assert_eq!(
            weeks_gain(&history(&[(0, 10), (5 * day, 50), (13 * day, 90)])),
            40
        );
        assert_eq!(weeks_gain(&history(&[(0, 10), (2 * day, 50)])), 40);
        assert_eq!(weeks_gain(&history(&[(0, 50), (2 * day, 40)])), 0);
    }

    #[test]
    fn an_announcement_is_said_in_words() {
        let said = |kind, version| {
            announced_words(&Announcement {
                day: "2026-11-24".parse().expect("a day"),
                kind,
                version,
            })
        };
        assert_eq!(said(AnnounceKind::New, Some(1)), "new on 24 November 2026");
        assert_eq!(
            said(AnnounceKind::Cross, None),
            "cross-listed on 24 November 2026"
        );
        assert_eq!(
            said(AnnounceKind::ReplaceCross, Some(3)),
            "replaced by version 3 on 24 November 2026"
        );
    }
}
