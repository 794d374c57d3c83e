//! When the daily mail is due: 08:00 by the reader's clock, by the zone rules of the IANA database.

use jiff::{
    Timestamp, ToSpan, ZonedDateTime,
    civil::{Date, Time},
    tz::TimeZone,
};

/// The hour of the daily mail.
const HOUR: Time = Time::constant(8, 0, 0, 0);

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

/// Eight o'clock of a local day. In a gap (a clock set forward over eight) the first moment after it; doubled hours
/// count once, the first time.
fn eight_on(day: Date, zone: &str) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    day.to_datetime(HOUR)
        .to_zoned_datetime(zone)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// When a subscription confirmed at `now` is first due: today at eight, which may have passed: then at once.
pub fn first_due(now: Timestamp, zone: &str) -> Timestamp {
    eight_on(local_day(now, zone), zone).unwrap_or(now)
}

/// The first eight o'clock of a later local day than `now`'s. Days missed in between are not made up.
pub fn next_due(now: Timestamp, zone: &str) -> Timestamp {
    let today = local_day(now, zone);
    let eight_today = eight_on(today, zone);
    if let Some(eight) = eight_today.filter(|eight| *eight > now) {
        return eight;
    }
    // Some islands have skipped a whole day; then the day after it.
    (1..=3)
        .filter_map(|days| eight_on(today.checked_add(days.days()).ok()?, zone))
        .find(|eight| *eight > now)
        .unwrap_or_else(|| now.saturating_add(24.hours()).unwrap_or(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    #[test]
    fn the_mail_is_due_at_eight_by_the_readers_clock() {
        assert_eq!(
            next_due(at("2026-11-24T12:00:00Z"), "UTC"),
            at("2026-11-25T08:00:00Z")
        );
        assert_eq!(
            next_due(at("2026-11-24T12:00:00Z"), "America/New_York"),
            at("2026-11-24T13:00:00Z")
        );
        assert_eq!(
            next_due(at("2026-11-24T13:00:00Z"), "America/New_York"),
            at("2026-11-25T13:00:00Z")
        );
        assert_eq!(
            next_due(at("2026-11-24T12:00:00Z"), "Asia/Kolkata"),
            at("2026-11-25T02:30:00Z")
        );
    }

    #[test]
    fn clocks_that_change_change_nothing() {
        // Europe: forward on 29 March, back on 25 October 2026.
        assert_eq!(
            next_due(at("2026-03-28T12:00:00Z"), "Europe/Paris"),
            at("2026-03-29T06:00:00Z")
        );
        assert_eq!(
            next_due(at("2026-10-24T12:00:00Z"), "Europe/Paris"),
            at("2026-10-25T07:00:00Z")
        );
    }

    #[test]
    fn a_new_subscriber_gets_todays_mail_today() {
        assert_eq!(
            first_due(at("2026-11-24T12:00:00Z"), "UTC"),
            at("2026-11-24T08:00:00Z")
        );
        assert_eq!(
            first_due(at("2026-11-24T12:00:00Z"), "America/New_York"),
            at("2026-11-24T13:00:00Z")
        );
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
