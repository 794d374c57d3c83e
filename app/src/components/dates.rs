//! Dates for people.

use domain::paper::Published;

/// A date as exact as it is known: `24 November 2026`, `November 2026`.
pub(crate) fn date_label(published: Published) -> String {
    match published {
        Published::Month(first) => first.strftime("%B %Y").to_string(),
        _ => published.day().strftime("%-d %B %Y").to_string(),
    }
}
