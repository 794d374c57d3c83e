//! How the sources are doing, in words a reader can use.

use domain::{
    Upstream,
    upstream::{Condition, SourceHealth},
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Time};

use crate::fetch::Gate;
use domain::calendar::{
    announced_at, eastern_day, eastern_moment, has_listing, listing_before, next_listing,
};
use store::{Result, SourceRecord, Store};

/// A batch may be so much later than usual before it is called late.
const GRACE: SignedDuration = SignedDuration::from_hours(6);
/// Votes and stars are asked for all the time; silence of a day is a fault.
const SILENCE: SignedDuration = SignedDuration::from_hours(24);
/// However well it answers: no weekend with holidays around it is so long.
const NOTHING_CHANGED: SignedDuration = SignedDuration::from_hours(6 * 24);
/// One failure is weather; a second one in a row is said aloud.
const FAILURES_TOLD: u32 = 2;

/// The health of every source.
pub async fn sources(store: &Store, sync: bool, now: Timestamp) -> Result<Vec<SourceHealth>> {
    let records = store.source_records().await?;
    let gates = store.shut_gates(now).await?;
    Ok(records
        .iter()
        .map(|(upstream, record)| {
            let mut source = health(*upstream, record, sync, now);
            // A shut gate is shut for everything behind it.
            let name = Gate::of(*upstream).name();
            if let Some((_, opens)) = gates.iter().find(|(gate, _)| gate == name) {
                source.asked_again = source.asked_again.max(Some(*opens));
                source.next_expected = source
                    .next_expected
                    .max(Some(*opens).filter(|_| source.next_expected.is_some()));
            }
            source
        })
        .collect())
}

/// When the daily feed for a listing of this date comes: at midnight, arXiv's time.
fn feed_at(day: jiff::civil::Date) -> Timestamp {
    eastern_moment(day, Time::midnight())
}

fn health(upstream: Upstream, record: &SourceRecord, sync: bool, now: Timestamp) -> SourceHealth {
    let moment = |second: Option<i64>| second.and_then(|second| Timestamp::from_second(second).ok());
    let last_answer = moment(record.last_answer_at);
    let last_batch = moment(record.last_batch_at)
        .map(|at| (record.last_batch_day, at, record.last_batch_size.unwrap_or(0)));
    let next_expected = match upstream {
        Upstream::ArxivRss => {
            let today = eastern_day(now);
            let waiting = has_listing(today)
                && record.last_batch_day.is_none_or(|day| day < today)
                && record.last_empty_day.is_none_or(|day| day < today);
            Some(feed_at(if waiting {
                today
            } else {
                next_listing(feed_at(today))
            }))
        }
        Upstream::ArxivOai => Some(announced_at(next_listing(now))),
        Upstream::ArxivApi | Upstream::HuggingFace | Upstream::GitHub => None,
    };
    let silent = |longest: SignedDuration| last_answer.is_some_and(|at| now.duration_since(at) > longest);
    let stale =
        |longest: SignedDuration| last_batch.is_some_and(|(_, at, _)| now.duration_since(at) > longest);
    let late = match upstream {
        // Late is a batch that should have come, of a day that is not known to be without one.
        Upstream::ArxivRss => {
            let day = eastern_day(now.saturating_sub(GRACE).unwrap_or(now));
            let due = listing_before(day.saturating_add(1.day()));
            let have = record.last_batch_day.max(record.last_empty_day);
            have.is_some_and(|day| day < due)
        }
        Upstream::ArxivOai => silent(SILENCE + GRACE) || stale(NOTHING_CHANGED),
        Upstream::HuggingFace => silent(SILENCE) || stale(NOTHING_CHANGED),
        // Asked only when something is due.
        Upstream::GitHub | Upstream::ArxivApi => false,
    };
    let resting = record.rest_until.is_some_and(|until| until > now.as_second());
    let failures = record.failures.max(record.failed_passes);
    let failing = failures >= FAILURES_TOLD || failures > 0 && last_batch.is_none();
    // Nobody asks it by itself, so it would be failing until somebody does.
    let lately = moment(record.last_error_at).is_some_and(|at| now.duration_since(at) < GRACE);
    let condition = if failing && (upstream != Upstream::ArxivApi || lately) {
        Condition::Failing
    } else if !sync && upstream != Upstream::ArxivApi {
        Condition::Off
    } else if record.repeated_day.is_some() {
        Condition::Repeating
    } else if late {
        Condition::Late
    } else if upstream == Upstream::ArxivApi {
        Condition::OnDemand
    } else if last_answer.is_none() {
        Condition::Untried
    } else {
        Condition::Well
    };
    SourceHealth {
        upstream,
        condition,
        last_answer,
        last_batch,
        next_expected: next_expected.filter(|_| sync),
        asked_again: moment(record.rest_until).filter(|_| resting),
        last_error: record.last_error.clone().zip(moment(record.last_error_at)),
        repeated_day: record.repeated_day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn feed(batch: &str, now: &str) -> SourceHealth {
        let record = SourceRecord {
            last_answer_at: Some(at(now).as_second() - 600),
            last_batch_at: Some(at(now).as_second() - 600),
            last_batch_day: batch.parse().ok(),
            last_batch_size: Some(900),
            ..SourceRecord::default()
        };
        health(Upstream::ArxivRss, &record, true, at(now))
    }

    #[test]
    fn a_weekend_is_not_late_and_a_tuesday_without_a_batch_is() {
        // Friday's batch, looked at on Sunday noon: nothing was to come, Monday's comes at midnight in New York.
        let sunday = feed("2026-11-20", "2026-11-22T17:00:00Z");
        assert_eq!(sunday.condition, Condition::Well);
        assert_eq!(sunday.next_expected, Some(at("2026-11-23T05:00:00Z")));
        assert_eq!(
            feed("2026-11-23", "2026-11-24T08:00:00Z").condition,
            Condition::Well
        );
        // And it stays so in the evening, when the next one is announced.
        assert_eq!(
            feed("2026-11-23", "2026-11-25T01:30:00Z").condition,
            Condition::Late
        );
        let tuesday = feed("2026-11-23", "2026-11-24T17:00:00Z");
        assert_eq!(tuesday.condition, Condition::Late);
        assert_eq!(tuesday.next_expected, Some(at("2026-11-24T05:00:00Z")));
    }

    #[test]
    fn a_holiday_is_what_the_feed_says_it_is() {
        let record = SourceRecord {
            last_answer_at: Some(at("2026-11-26T17:00:00Z").as_second()),
            last_batch_day: "2026-11-25".parse().ok(),
            last_empty_day: "2026-11-26".parse().ok(),
            ..SourceRecord::default()
        };
        let thanksgiving = health(Upstream::ArxivRss, &record, true, at("2026-11-26T18:00:00Z"));
        assert_eq!(thanksgiving.condition, Condition::Well);
    }

    #[test]
    fn a_repeated_batch_and_a_failing_source_are_said_aloud() {
        let record = SourceRecord {
            last_answer_at: Some(at("2026-11-24T05:10:00Z").as_second()),
            last_batch_day: "2026-11-23".parse().ok(),
            repeated_day: "2026-11-24".parse().ok(),
            ..SourceRecord::default()
        };
        let now = at("2026-11-24T06:00:00Z");
        assert_eq!(
            health(Upstream::ArxivRss, &record, true, now).condition,
            Condition::Repeating
        );
        let failing = SourceRecord {
            failures: 2,
            rest_until: Some(now.as_second() + 600),
            ..record
        };
        let failing = health(Upstream::ArxivRss, &failing, true, now);
        assert_eq!(failing.condition, Condition::Failing);
        assert_eq!(failing.asked_again, Some(at("2026-11-24T06:10:00Z")));
    }

    #[test]
    fn switched_off_is_off_and_never_asked_is_untried() {
        let now = at("2026-11-24T06:00:00Z");
        let none = SourceRecord::default();
        assert_eq!(
            health(Upstream::HuggingFace, &none, false, now).condition,
            Condition::Off
        );
        assert_eq!(
            health(Upstream::HuggingFace, &none, true, now).condition,
            Condition::Untried
        );
        assert_eq!(
            health(Upstream::ArxivApi, &none, true, now).condition,
            Condition::OnDemand
        );
    }
}
