//! When a mail is due: by the reader's clock and days, by the zone rules of the IANA database.

use domain::DigestSchedule;
use jiff::{
    Timestamp, ToSpan, ZonedDateTime,
    civil::{Date, Time},
    tz::{AmbiguousOffset, TimeZone},
};

use store::Subscriber;

/// When an issue goes to press, by New York's clock.
const PRESS_HOUR: i8 = 21;

/// The zone's own name if the database knows it, else `None`.
pub fn valid_zone(name: &str) -> Option<&str> {
    let name = name.trim();
    (name.len() <= 64 && TimeZone::get(name).is_ok()).then_some(name)
}

fn zoned(at: Timestamp, zone: &str) -> ZonedDateTime {
    // A zone that a later database no longer knows is read as UTC: the mail comes at another hour, not never.
    at.to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
}

/// The day it is for the reader.
pub fn local_day(at: Timestamp, zone: &str) -> Date {
    zoned(at, zone).date()
}

/// The day of the issue that is current at `at`: each goes to press at 21:00 in New York the evening before its date, an
/// hour after arXiv has announced that day's papers. All over the world the same issue is sent between two of those
/// moments.
pub fn issue_day(at: Timestamp) -> Date {
    let now = at.to_zoned_datetime(domain::calendar::eastern());
    if now.hour() >= PRESS_HOUR {
        now.date().saturating_add(1.day())
    } else {
        now.date()
    }
}

/// The hour of a rhythm on a local day. In a gap (a clock set forward over it) the first moment after it; doubled hours
/// count once, the first time.
fn on(day: Date, rhythm: &DigestSchedule) -> Option<Timestamp> {
    let zone = TimeZone::get(&rhythm.zone).unwrap_or(TimeZone::UTC);
    let hour = Time::new(rhythm.hour, 0, 0, 0).unwrap_or(Time::midnight());
    let hour = zone.to_ambiguous_timestamp(day.to_datetime(hour));
    let is_in_gap = matches!(hour.offset(), AmbiguousOffset::Gap { .. });
    let moment = hour.compatible().ok()?;
    if is_in_gap {
        // Some gaps are longer than an hour.
        let after = moment.saturating_add(1.second()).unwrap_or(moment);
        return zone
            .preceding(after)
            .next()
            .map(|transition| transition.timestamp());
    }
    Some(moment)
}

/// The reader's day whose mail is due at `due`: theirs at that moment, or, where the clock was set forward over the hour
/// and with it over the end of a day, the day before.
pub(super) fn mail_day(due: Timestamp, rhythm: &DigestSchedule) -> Date {
    let day = local_day(due, &rhythm.zone);
    match day.yesterday() {
        Ok(before) if on(before, rhythm) == Some(due) => before,
        _ => day,
    }
}

/// The last moment of the rhythm up to `now`.
pub(super) fn last_due(now: Timestamp, rhythm: &DigestSchedule) -> Option<Timestamp> {
    let today = local_day(now, &rhythm.zone);
    (0..=9)
        .filter_map(|days| today.checked_sub(days.days()).ok())
        .filter(|day| rhythm.days.has(day.weekday()))
        .filter_map(|day| on(day, rhythm))
        .find(|hour| *hour <= now)
}

/// When a subscription confirmed at `now` is first due: at once if today's hour has passed, else at the next.
pub fn first_due(now: Timestamp, subscriber: &Subscriber) -> Timestamp {
    let rhythm = subscriber.schedule();
    let today = local_day(now, &rhythm.zone);
    match on(today, &rhythm) {
        Some(hour) if hour <= now && rhythm.days.has(today.weekday()) => now,
        _ => next_due(now, &rhythm),
    }
}

/// The first moment of the rhythm after `now`. Days missed in between are not made up.
pub fn next_due(now: Timestamp, rhythm: &DigestSchedule) -> Timestamp {
    let today = local_day(now, &rhythm.zone);
    // Eight days reach the same weekday again; some islands have skipped a whole day besides.
    (0..=9)
        .filter_map(|days| today.checked_add(days.days()).ok())
        .filter(|day| rhythm.days.has(day.weekday()))
        .filter_map(|day| on(day, rhythm))
        .find(|hour| *hour > now)
        .unwrap_or_else(|| now.saturating_add(24.hours()).unwrap_or(now))
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
    fn the_mail_is_due_at_eight_by_the_readers_clock() {
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
    fn a_gap_of_two_hours_ends_at_its_end_and_a_gap_at_midnight_belongs_to_the_day_before() {
        let troll = DigestSchedule {
            hour: 2,
            ..every_day("Antarctica/Troll")
        };
        assert_eq!(
            next_due(at("2026-03-28T12:00:00Z"), &troll),
            at("2026-03-29T01:00:00Z")
        );
        // In Nuuk 23:00 of the 28th does not exist; the mail of that day comes at midnight.
        let nuuk = DigestSchedule {
            hour: 23,
            ..every_day("America/Nuuk")
        };
        let due = next_due(at("2026-03-28T12:00:00Z"), &nuuk);
        assert_eq!(mail_day(due, &nuuk).to_string(), "2026-03-28");
        let next = next_due(due, &nuuk);
        assert_eq!(mail_day(next, &nuuk).to_string(), "2026-03-29");
        assert_eq!(last_due(next, &nuuk), Some(next));
        assert_eq!(
            last_due(at("2026-03-29T12:00:00Z"), &nuuk),
            Some(due),
            "the last is that of midnight"
        );
    }

    #[test]
    fn an_issue_is_of_the_day_that_follows_nine_in_the_evening_in_new_york() {
        for (now, day) in [
            ("2026-11-24T01:59:59Z", "2026-11-23"),
            ("2026-11-24T02:00:00Z", "2026-11-24"),
            ("2026-11-24T23:59:59Z", "2026-11-24"),
            // In summer, an hour earlier by UTC.
            ("2026-07-24T01:00:00Z", "2026-07-24"),
        ] {
            assert_eq!(issue_day(at(now)).to_string(), day, "{now}");
        }
    }

    #[test]
    fn clocks_that_change_change_nothing() {
        // Europe: forward on 29 March, back on 25 October 2026.
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
    fn a_new_subscriber_gets_todays_mail_today() {
        let subscriber = |zone: &str| Subscriber {
            zone: zone.to_owned(),
            ..Subscriber::nobody()
        };
        let tuesday_noon = at("2026-11-24T12:00:00Z");
        assert_eq!(first_due(tuesday_noon, &subscriber("UTC")), tuesday_noon);
        assert_eq!(
            first_due(tuesday_noon, &subscriber("America/New_York")),
            at("2026-11-24T13:00:00Z")
        );
        // Who confirms on a Saturday hears on Monday.
        assert_eq!(
            first_due(at("2026-11-28T12:00:00Z"), &subscriber("UTC")),
            at("2026-11-30T08:00:00Z")
        );
    }

    #[test]
    fn the_mail_comes_at_the_hour_and_on_the_days_one_chose() {
        let rhythm = DigestSchedule {
            zone: "Europe/Paris".into(),
            hour: 2,
            days: Days::of([Weekday::Sunday]).expect("a day"),
        };
        // 29 March 2026: from two to three there is no time in Paris, so the first after it.
        assert_eq!(
            next_due(at("2026-03-25T12:00:00Z"), &rhythm),
            at("2026-03-29T01:00:00Z")
        );
        // 25 October 2026: two o'clock comes twice, and counts once.
        let first = next_due(at("2026-10-20T12:00:00Z"), &rhythm);
        assert_eq!(first, at("2026-10-25T00:00:00Z"));
        assert_eq!(next_due(first, &rhythm), at("2026-11-01T01:00:00Z"));
    }

    #[test]
    fn a_zone_that_is_none_is_refused() {
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
