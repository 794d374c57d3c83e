//! When a paper was published.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    ArxivId,
    edition::{day_start, parse_date, utc_day},
};

/// How far in the future a moment may be, in seconds: one hour, to allow for inaccurate clocks.
const CLOCK_TOLERANCE: i64 = 3_600;
/// How far in the future the beginning of a day in UTC may be, in seconds: 14 hours, because a day begins first in the
/// time zone UTC+14.
const DAY_TOLERANCE: i64 = 14 * 3_600;
/// The earliest year accepted. The oldest papers on arXiv are from 1986. Earlier dates stand for a missing date:
/// 1970-01-01 (zero in Unix time) or 0001-01-01 (zero in Go and .NET).
const FIRST_YEAR: i16 = 1980;

/// When a paper was published, exactly as precise as its source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Published {
    /// Only the month is known, from the arXiv identifier. Holds its first day.
    Month(Date),
    /// The day is known.
    Day(Date),
    /// The second is known.
    At(Timestamp),
}

/// A text that is not a date of a paper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a valid date: write 2025-10, 2025-10-31 or 2025-10-31T12:00:00Z")]
pub struct InvalidPublished(String);

impl Published {
    /// The month that is part of an arXiv identifier.
    pub fn of_arxiv_id(id: &ArxivId) -> Option<Self> {
        let (year, month) = id.year_month();
        Date::new(year, month, 1).ok().map(Self::Month)
    }

    /// A moment as a source writes it. A source that knows only the day writes midnight in UTC.
    pub fn of_moment(at: Timestamp) -> Self {
        let zoned = at.to_zoned_datetime(TimeZone::UTC);
        if zoned.time() == jiff::civil::Time::midnight() {
            Self::Day(zoned.date())
        } else {
            Self::At(at)
        }
    }

    /// Whether a date is plausible now. A moment is at most an hour after `now`; a day or month has begun somewhere on
    /// Earth. It is not before 1980.
    pub fn is_believable(self, now: Timestamp) -> bool {
        let tolerance = match self {
            Self::At(_) => CLOCK_TOLERANCE,
            Self::Month(_) | Self::Day(_) => DAY_TOLERANCE,
        };
        !self.is_placeholder()
            && self
                .sort_key()
                .is_some_and(|begins| begins <= now.as_second().saturating_add(tolerance))
    }

    /// Whether a date is so early that it stands for a missing date.
    pub fn is_placeholder(self) -> bool {
        self.day().year() < FIRST_YEAR
    }

    /// Its day; the first of the month if only the month is known.
    pub fn day(self) -> Date {
        match self {
            Self::Month(first) => first,
            Self::Day(day) => day,
            Self::At(at) => utc_day(at),
        }
    }

    /// Unix seconds for ordering: the beginning of what is known. `None` for the last days of the year 9999, which have
    /// no such number.
    pub fn sort_key(self) -> Option<i64> {
        match self {
            Self::At(at) => Some(at.as_second()),
            Self::Month(day) | Self::Day(day) => day_start(day),
        }
    }

    /// 0 for a month, 1 for a day, 2 for a second. A more precise date replaces a less precise one.
    pub fn precision(self) -> u8 {
        match self {
            Self::Month(_) => 0,
            Self::Day(_) => 1,
            Self::At(_) => 2,
        }
    }

    /// `2025-10` or `2025-10-31`, for `<time datetime>` and for people.
    pub fn label(self) -> String {
        match self {
            Self::Month(first) => format!("{:04}-{:02}", first.year(), first.month()),
            _ => self.day().to_string(),
        }
    }
}

impl FromStr for Published {
    type Err = InvalidPublished;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidPublished(text.chars().take(40).collect());
        let text = text.trim();
        if let Some(day) = parse_date(text) {
            return Ok(Self::Day(day));
        }
        if text.len() == 7 {
            return parse_date(&format!("{text}-01"))
                .map(Self::Month)
                .ok_or_else(invalid);
        }
        let at: Timestamp = text.parse().map_err(|_| invalid())?;
        Ok(Self::of_moment(at))
    }
}

impl TryFrom<String> for Published {
    type Error = InvalidPublished;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Published> for String {
    fn from(published: Published) -> Self {
        published.to_string()
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => at.fmt(f),
            _ => f.write_str(&self.label()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_precise_as_its_source() {
        let published = |text: &str| text.parse::<Published>().expect(text);
        assert_eq!(published("2025-10").label(), "2025-10");
        assert_eq!(published("2026-04-30T00:00:00.000Z"), published("2026-04-30"));
        assert_eq!(
            published("2023-11-30T10:40:34Z").to_string(),
            "2023-11-30T10:40:34Z"
        );
        assert_eq!(published("1970-01-02").sort_key(), Some(86_400));
        assert_eq!(published("1970-01-01").sort_key(), Some(0));
        assert_eq!(published("9999-12-31").sort_key(), None);
        for text in ["", "2025", "2025-13", "2025-02-30", "yesterday", "0000-00"] {
            assert!(text.parse::<Published>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_moment_is_believable_until_an_hour_after_now_and_a_day_once_it_has_begun_somewhere() {
        let now: Timestamp = "2026-11-30T20:00:00Z".parse().expect("time");
        for (text, expected) in [
            ("1986-04-25", true),
            ("2026-11-30T21:00:00Z", true),
            ("2026-11-30T21:00:01Z", false),
            ("2026-12-01", true),
            ("2026-12", true),
            ("2026-12-02", false),
            ("2027-01", false),
            ("2031-01-01", false),
            ("9999-12-31", false),
            ("1970-01-01", false),
            ("0001-01-01", false),
        ] {
            let published: Published = text.parse().expect(text);
            assert_eq!(published.is_believable(now), expected, "{text}");
        }
        // The day begins in UTC+14 at 10:00 UTC of the day before.
        let tomorrow: Published = "2026-12-01".parse().expect("day");
        assert!(tomorrow.is_believable("2026-11-30T10:00:00Z".parse().expect("time")));
        assert!(!tomorrow.is_believable("2026-11-30T09:59:59Z".parse().expect("time")));
    }
}
