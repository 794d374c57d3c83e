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
const DAY: i64 = 86_400;
/// A gain is what a week brought.
const WEEK: i64 = 7 * DAY;
/// Of a total that was last read longer ago, nothing is said about this week.
const FRESH: i64 = 3 * DAY;

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

/// What the last week of a history brought, and over how many days that was seen; nothing when the last reading is old.
fn weeks_gain(history: &History, now: i64) -> Option<(i64, i64)> {
    let (last_at, last) = *history.points.last()?;
    if now - last_at > FRESH {
        return None;
    }
    let week_ago = history
        .points
        .iter()
        .rev()
        .find(|(at, _)| *at <= last_at - WEEK)
        // A total of long before says nothing about this week.
        .filter(|(at, _)| *at > last_at - WEEK - DAY);
    let within = history.points.iter().find(|(at, _)| *at > last_at - WEEK);
    let (at, total) = *week_ago.or(within)?;
    let days = ((last_at - at) + DAY / 2) / DAY;
    (last > total).then_some((last - total, days.max(1)))
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
pub fn Total(signal: Signal, count: u32, history: Vec<History>, today: Date) -> impl IntoView {
    let history = history.into_iter().find(|history| history.signal == signal);
    // To the end of the day: a reading of this evening is not of tomorrow.
    let now = domain::Edition::Day(today).start().saturating_add(DAY);
    let gain = history.as_ref().and_then(|history| weeks_gain(history, now));
    let total = match signal {
        Signal::Upvotes => view! { <Upvotes count/> }.into_any(),
        Signal::Stars => view! { <Stars count/> }.into_any(),
    };
    view! {
        {total}
        {gain.map(|(gain, days)| {
            let span = match days {
                7 => " in the last week".to_owned(),
                1 => " in the last day".to_owned(),
                _ => format!(" in the last {days} days"),
            };
            let title = format!("gained{span}");
            view! { " " <span class="gain" title=title>{format!("+{}", grouped(gain.unsigned_abs()))}<span class="vh">{span}</span></span> }
        })}
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
        (kind, _) => format!("{} on {on}", kind.label()),
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
                    format!("{} v{version}", said.kind.label())
                }
                _ => said.kind.label().to_owned(),
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
    fn a_weeks_gain_is_of_this_week_and_says_over_how_many_days_it_was_seen() {
        let gain = |points: &[(i64, i64)], now: i64| {
            let points = points.iter().map(|(day, total)| (day * DAY, *total)).collect();
            weeks_gain(
                &History {
                    signal: Signal::Stars,
                    points,
                },
                now * DAY,
            )
        };
        assert_eq!(gain(&[(0, 10), (6, 50), (13, 90)], 13), Some((40, 7)));
        assert_eq!(gain(&[(0, 10), (2, 50)], 2), Some((40, 2)));
        // The total of a month ago does not tell what came this week.
        assert_eq!(gain(&[(0, 10), (30, 90)], 30), None);
        assert_eq!(gain(&[(0, 10), (28, 80), (30, 90)], 30), Some((10, 2)));
        // Last year's week is not the last week.
        assert_eq!(gain(&[(0, 10), (5, 90)], 400), None);
        assert_eq!(gain(&[(0, 50), (2, 40)], 2), None);
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
