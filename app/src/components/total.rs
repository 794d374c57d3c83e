//! The total of a signal, what it gained lately, and a small chart of its history.

use domain::{
    paper::{History, Published, Signal},
    text::grouped,
};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

use super::counts::{Stars, Upvotes};

/// The width of the chart in its own units; style decides how large it is on the page.
const WIDTH: f64 = 56.0;
/// The height of the chart in its own units.
const HEIGHT: f64 = 14.0;
/// Seconds in a day.
const DAY: i64 = 86_400;
/// The gain shown is that of a week, in seconds.
const WEEK: i64 = 7 * DAY;
/// Seconds after which the last reading is too old to tell this week's gain.
const FRESH: i64 = 3 * DAY;

fn day(at: i64) -> String {
    Timestamp::from_second(at)
        .map(|at| at.strftime("%-d %B %Y").to_string())
        .unwrap_or_default()
}

/// The points of the line: time runs from left to right, and the lowest total is at the bottom.
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
            let x = (at - first.0) as f64 / span * WIDTH;
            let y = HEIGHT - 1.0 - (total - low) as f64 / range * (HEIGHT - 2.0);
            format!("{x:.1},{y:.1}")
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The gain of the last week, and the number of days between its two readings. `None` if the last reading is old or
/// nothing was gained.
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
        // A reading from long before does not tell this week's gain.
        .filter(|(at, _)| *at > last_at - WEEK - DAY);
    let within = history.points.iter().find(|(at, _)| *at > last_at - WEEK);
    let (at, total) = *week_ago.or(within)?;
    let days = ((last_at - at) + DAY / 2) / DAY;
    (last > total).then_some((last - total, days.max(1)))
}

/// A small line chart of a history, with a text alternative.
#[component]
fn Spark(history: History) -> impl IntoView {
    let (first, last) = (history.points.first().copied(), history.points.last().copied());
    let what = match history.signal {
        Signal::Upvotes => "Upvotes",
        Signal::Stars => "Stars",
    };
    first.zip(last).map(|((from_at, from), (to_at, to))| {
        let label = format!("{what}: from {from} on {} to {to} on {}", day(from_at), day(to_at));
        view! {
            <svg class="spark" role="img" aria-label=label viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none">
                <polyline points=points(&history.points) vector-effect="non-scaling-stroke"/>
            </svg>
        }
        .into_any()
    })
}

/// A total, its gain in the last week, and its chart.
#[component]
pub fn Total(signal: Signal, count: u32, history: Vec<History>, today: Date) -> impl IntoView {
    let history = history.into_iter().find(|history| history.signal == signal);
    // The end of today, so that this evening's reading is not in the future.
    let now = Edition::Day(today).start().saturating_add(DAY);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_runs_from_the_lowest_total_at_the_bottom_to_the_highest_at_the_top() {
        assert_eq!(
            points(&[(0, 10), (50, 20), (100, 30)]),
            "0.0,13.0 28.0,7.0 56.0,1.0"
        );
        // Nothing changed: a level line.
        assert_eq!(points(&[(0, 5), (100, 5)]), "0.0,13.0 56.0,13.0");
    }

    #[test]
    fn the_gain_is_of_the_last_week_and_tells_its_number_of_days() {
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
        // The total of a month ago does not tell this week's gain.
        assert_eq!(gain(&[(0, 10), (30, 90)], 30), None);
        assert_eq!(gain(&[(0, 10), (28, 80), (30, 90)], 30), Some((10, 2)));
        // The last reading is from last year.
        assert_eq!(gain(&[(0, 10), (5, 90)], 400), None);
        assert_eq!(gain(&[(0, 50), (2, 40)], 2), None);
    }
}
