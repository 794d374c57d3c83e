//! arXiv's calendar: it announces papers at 20:00 US Eastern from Sunday to Thursday. The listing of an announcement has
//! the date of the next day (<https://info.arxiv.org/help/availability.html>). "Listing" in this file is arXiv's word for
//! one announcement.
//!
//! There is no list of holidays, because it would have to be updated. A working day with an empty feed is a holiday.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

/// The hour of the evening announcement.
const EVENING: Time = Time::constant(20, 0, 0, 0);

/// The time zone of arXiv. The program contains the database of time zones, so it is always found.
pub fn eastern() -> TimeZone {
    TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC)
}

/// The day at arXiv at this moment.
pub fn eastern_day(at: Timestamp) -> Date {
    at.to_zoned_datetime(eastern()).date()
}

/// The moment of a time of day at arXiv. A time that is skipped when clocks go forward becomes the first time after it.
pub fn eastern_moment(day: Date, time: Time) -> Timestamp {
    day.to_datetime(time)
        .to_zoned_datetime(eastern())
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

/// When the listing of this date is announced: at 20:00 on the evening before.
pub fn announced_at(listing: Date) -> Timestamp {
    eastern_moment(listing.saturating_sub(1.day()), EVENING)
}

/// Whether there is a listing of this date, if it is not a holiday.
pub fn has_listing(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The deadline for submissions to the listing of this date: 14:00 on the last working day before it.
pub fn closed_at(listing: Date) -> Timestamp {
    eastern_moment(listing_before(listing), Time::constant(14, 0, 0, 0))
}

/// The date of the previous listing, without regard to holidays.
pub fn listing_before(listing: Date) -> Date {
    let mut day = listing.saturating_sub(1.day());
    while !has_listing(day) {
        day = day.saturating_sub(1.day());
    }
    day
}

/// The date of the first listing announced after `at`, without regard to holidays.
pub fn next_listing(at: Timestamp) -> Date {
    let mut day = eastern_day(at);
    while !has_listing(day) || announced_at(day) <= at {
        day = day.saturating_add(1.day());
    }
    day
}

/// The next moment after `now` that has one of these times of day at arXiv.
pub fn next_of(times: &[Time], now: Timestamp) -> Timestamp {
    let today = eastern_day(now);
    (0..=2)
        .flat_map(|days| {
            let day = today.saturating_add(days.days());
            times.iter().map(move |time| eastern_moment(day, *time))
        })
        .filter(|at| *at > now)
        .min()
        .unwrap_or_else(|| now.saturating_add(24.hours()).unwrap_or(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn day(text: &str) -> Date {
        text.parse().expect(text)
    }

    #[test]
    fn a_listing_is_announced_the_evening_before_in_summer_and_in_winter() {
        assert_eq!(announced_at(day("2025-08-20")), at("2025-08-20T00:00:00Z"));
        assert_eq!(announced_at(day("2026-11-24")), at("2026-11-24T01:00:00Z"));
    }

    #[test]
    fn there_is_no_announcement_on_friday_and_saturday() {
        let last_listing = |at| listing_before(next_listing(at));
        // 2026-11-27 is a Friday. Its listing is announced on Thursday evening, the next one on Sunday evening.
        assert_eq!(last_listing(at("2026-11-28T12:00:00Z")), day("2026-11-27"));
        assert_eq!(next_listing(at("2026-11-27T12:00:00Z")), day("2026-11-30"));
        assert_eq!(next_listing(at("2026-11-30T01:00:00Z")), day("2026-12-01"));
        assert_eq!(last_listing(at("2026-11-30T01:00:00Z")), day("2026-11-30"));
        assert_eq!(last_listing(at("2026-11-30T00:59:59Z")), day("2026-11-27"));
    }

    #[test]
    fn times_of_day_follow_the_daylight_saving_time_of_new_york() {
        let half_past_two = Time::constant(2, 30, 0, 0);
        // On 8 March 2026 clocks go from 2:00 to 3:00.
        assert_eq!(
            next_of(&[half_past_two], at("2026-03-08T05:00:00Z")),
            at("2026-03-08T07:30:00Z")
        );
        // On 1 November 2026 the time 1:30 occurs twice; it counts once.
        let half_past_one = Time::constant(1, 30, 0, 0);
        let first = next_of(&[half_past_one], at("2026-11-01T04:00:00Z"));
        assert_eq!(first, at("2026-11-01T05:30:00Z"));
        assert_eq!(next_of(&[half_past_one], first), at("2026-11-02T06:30:00Z"));
    }
}
