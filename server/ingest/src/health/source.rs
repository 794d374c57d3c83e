//! The health of one source.

use domain::{
    Upstream,
    upstream::{Condition, SourceHealth},
};
use jiff::{SignedDuration, Timestamp};
use store::SourceRecord;

use super::schedule::{is_late, next_expected};

/// Failures in a row from which on a source counts as failing. A single failure is common and passes by itself.
const FAILURES_SHOWN: u32 = 2;
/// How long an error of the query API counts. Nothing asks it regularly, so an old error says little about it.
const ON_DEMAND_ERROR_COUNTS: SignedDuration = SignedDuration::from_hours(6);

/// The health of a source. `sync` is whether the sources are followed.
pub(super) fn health(upstream: Upstream, record: &SourceRecord, sync: bool, now: Timestamp) -> SourceHealth {
    let is_resting = record.rest_until.is_some_and(|until| until > now.as_second());
    SourceHealth {
        upstream,
        condition: condition(upstream, record, sync, now),
        last_answer: moment(record.last_answer_at),
        last_batch: moment(record.last_batch_at)
            .map(|at| (record.last_batch_day, at, record.last_batch_size.unwrap_or(0))),
        next_expected: next_expected(upstream, record, now).filter(|_| sync),
        retry_at: moment(record.rest_until).filter(|_| is_resting),
        last_error: record.last_error.clone().zip(moment(record.last_error_at)),
        repeated_day: record.repeated_day,
    }
}

fn condition(upstream: Upstream, record: &SourceRecord, sync: bool, now: Timestamp) -> Condition {
    let is_on_demand = upstream == Upstream::ArxivApi;
    if is_failing(record) && (!is_on_demand || failed_lately(record, now)) {
        Condition::Failing
    } else if !sync && !is_on_demand {
        Condition::Off
    } else if record.repeated_day.is_some() {
        Condition::Repeating
    } else if is_late(upstream, record, now) {
        Condition::Late
    } else if is_on_demand {
        Condition::OnDemand
    } else if record.last_answer_at.is_none() {
        Condition::Untried
    } else {
        Condition::Well
    }
}

fn is_failing(record: &SourceRecord) -> bool {
    let failures = record.failures.max(record.failed_passes);
    failures >= FAILURES_SHOWN || failures > 0 && record.last_batch_at.is_none()
}

fn failed_lately(record: &SourceRecord, now: Timestamp) -> bool {
    moment(record.last_error_at).is_some_and(|at| now.duration_since(at) < ON_DEMAND_ERROR_COUNTS)
}

fn moment(seconds: Option<i64>) -> Option<Timestamp> {
    seconds.and_then(|seconds| Timestamp::from_second(seconds).ok())
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
    fn only_a_working_day_without_a_batch_is_late() {
        // It is Sunday noon and Friday's batch is the last. No batch is due; Monday's comes at midnight in New York.
        let sunday = feed("2026-11-20", "2026-11-22T17:00:00Z");
        assert_eq!(sunday.condition, Condition::Well);
        assert_eq!(sunday.next_expected, Some(at("2026-11-23T05:00:00Z")));
        assert_eq!(
            feed("2026-11-23", "2026-11-24T08:00:00Z").condition,
            Condition::Well
        );
        // A missing batch is also late in the evening, after the next announcement.
        assert_eq!(
            feed("2026-11-23", "2026-11-25T01:30:00Z").condition,
            Condition::Late
        );
        let tuesday = feed("2026-11-23", "2026-11-24T17:00:00Z");
        assert_eq!(tuesday.condition, Condition::Late);
        assert_eq!(tuesday.next_expected, Some(at("2026-11-24T05:00:00Z")));
    }

    #[test]
    fn a_day_with_an_empty_feed_is_a_holiday() {
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
    fn a_repeated_batch_and_a_failing_source_are_shown() {
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
        assert_eq!(failing.retry_at, Some(at("2026-11-24T06:10:00Z")));
    }

    #[test]
    fn a_source_can_be_disabled_untried_or_on_demand() {
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
