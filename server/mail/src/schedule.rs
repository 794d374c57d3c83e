//! When a digest is due: by the hour, days and time zone of the subscriber, with the rules of the IANA database.

use domain::DigestSchedule;
use jiff::{
    Timestamp, ToSpan, ZonedDateTime,
    civil::{Date, Time},
    tz::{AmbiguousOffset, TimeZone},
};

use store::Subscriber;

/// The hour at which an issue begins, in New York.
const ISSUE_HOUR: i8 = 21;
/// A digest that is later than this is not sent: its papers are part of the next one.
pub(crate) const LATEST_SECONDS: i64 = 6 * 3_600;

/// The name of the time zone if the database has it, else `None`.
pub fn valid_zone(name: &str) -> Option<&str> {
    let name = name.trim();
    (name.len() <= 64 && TimeZone::get(name).is_ok()).then_some(name)
}

/// The regions by which the IANA database names places. Other prefixes are aliases.
const REGIONS: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

/// The time zones named by a place, and `UTC`.
pub fn zone_names() -> impl Iterator<Item = String> {
    jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| name == "UTC" || REGIONS.iter().any(|region| name.starts_with(region)))
}

fn zoned(at: Timestamp, zone: &str) -> ZonedDateTime {
    // A zone that a newer database no longer has is read as UTC. A digest at the wrong hour is better than no digest.
    at.to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
}

/// The day at `at` in this time zone.
pub fn local_day(at: Timestamp, zone: &str) -> Date {
    zoned(at, zone).date()
}

/// The day of the issue that is sent at `at`. An issue begins at 21:00 in New York on the evening before its date, an
/// hour after arXiv has announced the papers of that date. It is the same issue in all time zones.
pub fn issue_day(at: Timestamp) -> Date {
    let now = at.to_zoned_datetime(domain::calendar::eastern());
    if now.hour() >= ISSUE_HOUR {
        now.date().saturating_add(1.day())
    } else {
        now.date()
    }
}

/// The moment at which a schedule is due on a local day. If the clock is set forward over the hour, the first moment
/// after the gap. If the hour happens twice, the first time.
fn on(day: Date, schedule: &DigestSchedule) -> Option<Timestamp> {
    let zone = TimeZone::get(&schedule.zone).unwrap_or(TimeZone::UTC);
    let hour = Time::new(schedule.hour, 0, 0, 0).unwrap_or(Time::midnight());
    let hour = zone.to_ambiguous_timestamp(day.to_datetime(hour));
    let is_in_gap = matches!(hour.offset(), AmbiguousOffset::Gap { .. });
    let moment = hour.compatible().ok()?;
    if is_in_gap {
        // A gap may be longer than an hour, so its end is looked up.
        let after = moment.saturating_add(1.second()).unwrap_or(moment);
        return zone
            .preceding(after)
            .next()
            .map(|transition| transition.timestamp());
    }
    Some(moment)
}

/// The local day whose digest is due at `due`. If the clock was set forward over the hour and over midnight, this is
/// the day before.
pub(crate) fn digest_day(due: Timestamp, schedule: &DigestSchedule) -> Date {
    let day = local_day(due, &schedule.zone);
    match day.yesterday() {
        Ok(before) if on(before, schedule) == Some(due) => before,
        _ => day,
    }
}

/// The last moment of the schedule up to `now`.
fn last_due(now: Timestamp, schedule: &DigestSchedule) -> Option<Timestamp> {
    let today = local_day(now, &schedule.zone);
    (0..=9)
        .filter_map(|days| today.checked_sub(days.days()).ok())
        .filter(|day| schedule.days.has(day.weekday()))
        .filter_map(|day| on(day, schedule))
        .find(|hour| *hour <= now)
}

/// When a subscription that is confirmed at `now` is first due: now if the hour of today has passed, else at the next
/// moment of the schedule.
pub fn first_due(now: Timestamp, subscriber: &Subscriber) -> Timestamp {
    let schedule = subscriber.schedule();
    let today = local_day(now, &schedule.zone);
    match on(today, &schedule) {
        Some(hour) if hour <= now && schedule.days.has(today.weekday()) => now,
        _ => next_due(now, &schedule),
    }
}

/// The first moment of the schedule after `now`.
pub fn next_due(now: Timestamp, schedule: &DigestSchedule) -> Timestamp {
    let today = local_day(now, &schedule.zone);
    // Eight days reach the same weekday again. Nine, because some islands have skipped a day.
    (0..=9)
        .filter_map(|days| today.checked_add(days.days()).ok())
        .filter(|day| schedule.days.has(day.weekday()))
        .filter_map(|day| on(day, schedule))
        .find(|hour| *hour > now)
        .unwrap_or_else(|| now.saturating_add(24.hours()).unwrap_or(now))
}

/// The moment of the digest that is due; the last one if several were missed.
pub(crate) fn last_missed(subscriber: &Subscriber, now: Timestamp) -> Timestamp {
    let due = subscriber
        .due_at
        .and_then(|due| Timestamp::from_second(due).ok())
        .unwrap_or(now);
    last_due(now, &subscriber.schedule()).map_or(due, |last| last.max(due))
}

/// Whether a digest that was due at `due` is sent at `now`: not during a pause, and not if it is too late.
pub(crate) fn is_sent(subscriber: &Subscriber, due: Timestamp, now: Timestamp) -> bool {
    !subscriber.is_paused(now) && now.duration_since(due).as_secs() <= LATEST_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Days;
    use jiff::civil::Weekday;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn every_day(zone: &str) -> DigestSchedule {
        DigestSchedule {
            days: Days::ALL,
            ..DigestSchedule::usual(zone)
        }
    }

    #[test]
    fn the_digest_is_due_at_eight_in_the_time_zone_of_the_subscriber() {
        assert_eq!(
            next_due(at("2026-11-24T12:00:00Z"), &every_day("UTC")),
            at("2026-11-25T08:00:00Z")
        );
        assert_eq!(
            next_due(at("2026-11-24T12:00:00Z"), &every_day("America/New_York")),
            at("2026-11-24T13:00:00Z")
        );
        assert_eq!(
            next_due(at("2026-11-24T13:00:00Z"), &every_day("America/New_York")),
            at("2026-11-25T13:00:00Z")
        );
        assert_eq!(
            next_due(at("2026-11-24T12:00:00Z"), &every_day("Asia/Kolkata")),
            at("2026-11-25T02:30:00Z")
        );
    }

    #[test]
    fn a_digest_in_a_gap_is_due_when_the_gap_ends_and_belongs_to_the_day_before_midnight() {
        let troll = DigestSchedule {
            hour: 2,
            ..every_day("Antarctica/Troll")
        };
        assert_eq!(
            next_due(at("2026-03-28T12:00:00Z"), &troll),
            at("2026-03-29T01:00:00Z")
        );
        // In Nuuk, 23:00 of the 28th does not exist; the digest of that day is due at midnight.
        let nuuk = DigestSchedule {
            hour: 23,
            ..every_day("America/Nuuk")
        };
        let due = next_due(at("2026-03-28T12:00:00Z"), &nuuk);
        assert_eq!(digest_day(due, &nuuk).to_string(), "2026-03-28");
        let next = next_due(due, &nuuk);
        assert_eq!(digest_day(next, &nuuk).to_string(), "2026-03-29");
        assert_eq!(last_due(next, &nuuk), Some(next));
        assert_eq!(
            last_due(at("2026-03-29T12:00:00Z"), &nuuk),
            Some(due),
            "the one at midnight"
        );
    }

    #[test]
    fn an_issue_begins_at_nine_in_the_evening_before_its_date_in_new_york() {
        for (now, day) in [
            ("2026-11-24T01:59:59Z", "2026-11-23"),
            ("2026-11-24T02:00:00Z", "2026-11-24"),
            ("2026-11-24T23:59:59Z", "2026-11-24"),
            // An hour earlier in UTC: daylight saving time.
            ("2026-07-24T01:00:00Z", "2026-07-24"),
        ] {
            assert_eq!(issue_day(at(now)).to_string(), day, "{now}");
        }
    }

    #[test]
    fn a_digest_keeps_its_local_hour_when_clocks_change() {
        // In Europe clocks are set forward on 29 March and back on 25 October 2026.
        assert_eq!(
            next_due(at("2026-03-28T12:00:00Z"), &every_day("Europe/Paris")),
            at("2026-03-29T06:00:00Z")
        );
        assert_eq!(
            next_due(at("2026-10-24T12:00:00Z"), &every_day("Europe/Paris")),
            at("2026-10-25T07:00:00Z")
        );
    }

    #[test]
    fn a_new_subscriber_gets_the_digest_of_today() {
        let subscriber = |zone: &str| Subscriber {
            zone: zone.to_owned(),
            ..Subscriber::example()
        };
        let tuesday_noon = at("2026-11-24T12:00:00Z");
        assert_eq!(first_due(tuesday_noon, &subscriber("UTC")), tuesday_noon);
        assert_eq!(
            first_due(tuesday_noon, &subscriber("America/New_York")),
            at("2026-11-24T13:00:00Z")
        );
        // Confirmed on a Saturday: due on Monday.
        assert_eq!(
            first_due(at("2026-11-28T12:00:00Z"), &subscriber("UTC")),
            at("2026-11-30T08:00:00Z")
        );
    }

    #[test]
    fn a_digest_is_due_at_the_chosen_hour_on_the_chosen_days() {
        let schedule = DigestSchedule {
            zone: "Europe/Paris".into(),
            hour: 2,
            days: Days::of([Weekday::Sunday]).expect("a day"),
        };
        // 29 March 2026: in Paris the hour from two to three does not exist.
        assert_eq!(
            next_due(at("2026-03-25T12:00:00Z"), &schedule),
            at("2026-03-29T01:00:00Z")
        );
        // 25 October 2026: two o'clock happens twice and counts once.
        let first = next_due(at("2026-10-20T12:00:00Z"), &schedule);
        assert_eq!(first, at("2026-10-25T00:00:00Z"));
        assert_eq!(next_due(first, &schedule), at("2026-11-01T01:00:00Z"));
    }

    #[test]
    fn an_unknown_zone_is_refused() {
        for name in [
            "",
            "Mars/Olympus",
            "../etc/passwd",
            "Europe/Paris\r\nX: y",
            &"x".repeat(100),
        ] {
            assert_eq!(valid_zone(name), None, "{name}");
        }
        assert_eq!(valid_zone("Europe/Paris"), Some("Europe/Paris"));
    }
}
