//! When the next batch of a source is expected, and whether it is late.

use domain::{
    Upstream,
    calendar::{announced_at, eastern_day, eastern_moment, has_listing, listing_before, next_listing},
};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Time},
};
use store::SourceRecord;

/// A batch counts as late when it is overdue by this time.
const GRACE: SignedDuration = SignedDuration::from_hours(6);
/// A source that is asked all day counts as late after this time without an answer.
const SILENCE: SignedDuration = SignedDuration::from_hours(24);
/// A source counts as late after this time without a change, even if it answers. It is longer than a weekend together
/// with the holidays around it.
const NOTHING_CHANGED: SignedDuration = SignedDuration::from_hours(6 * 24);

/// When the next batch is expected; `None` if the source has no schedule.
pub(super) fn next_expected(upstream: Upstream, record: &SourceRecord, now: Timestamp) -> Option<Timestamp> {
    match upstream {
        Upstream::ArxivRss => {
            let today = eastern_day(now);
            let is_missing = has_listing(today)
                && record.last_batch_day.is_none_or(|day| day < today)
                && record.last_empty_day.is_none_or(|day| day < today);
            Some(feed_at(if is_missing {
                today
            } else {
                next_listing(feed_at(today))
            }))
        }
        Upstream::ArxivOai => Some(announced_at(next_listing(now))),
        Upstream::ArxivApi | Upstream::HuggingFace | Upstream::GitHub => None,
    }
}

/// Whether a batch or an answer is overdue.
pub(super) fn is_late(upstream: Upstream, record: &SourceRecord, now: Timestamp) -> bool {
    let is_older = |second: Option<i64>, longest: SignedDuration| {
        second
            .and_then(|second| Timestamp::from_second(second).ok())
            .is_some_and(|at| now.duration_since(at) > longest)
    };
    let is_silent = |longest| is_older(record.last_answer_at, longest);
    let is_unchanged = is_older(record.last_batch_at, NOTHING_CHANGED);
    match upstream {
        Upstream::ArxivRss => {
            let day = eastern_day(now.saturating_sub(GRACE).unwrap_or(now));
            let due = listing_before(day.saturating_add(1.day()));
            // A day that is known to be empty counts as received.
            let received = record.last_batch_day.max(record.last_empty_day);
            received.is_some_and(|day| day < due)
        }
        Upstream::ArxivOai => is_silent(SILENCE + GRACE) || is_unchanged,
        Upstream::HuggingFace => is_silent(SILENCE) || is_unchanged,
        // These are asked only if there is something to ask for.
        Upstream::GitHub | Upstream::ArxivApi => false,
    }
}

/// When the daily feed of this date appears: at midnight, arXiv's time.
fn feed_at(day: Date) -> Timestamp {
    eastern_moment(day, Time::midnight())
}
