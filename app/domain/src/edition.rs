//! Editions: the papers of one day, one ISO week or one month, and the days they are made of.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, ISOWeekDate, Weekday},
    tz::TimeZone,
};

/// A span of UTC days that has a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// `/date/2026-11-24`
    Day(Date),
    /// `/week/2026-W48`: the ISO 8601 week that begins on this Monday.
    Week(Date),
    /// `/month/2026-11`: the month that begins on this day.
    Month(Date),
}

/// A text that is not an edition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a day (2026-11-24), a week (2026-W48) or a month (2026-11)")]
pub struct InvalidEdition(String);

/// Reads `YYYY-MM-DD` and nothing else. A date library would also accept times and other spellings.
pub fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| {
            if i == 4 || i == 7 {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        });
    if !shaped { None } else { text.parse().ok() }
}

/// The UTC day of a moment. Papers are filed under UTC days.
pub fn utc_day(at: Timestamp) -> Date {
    at.to_zoned_datetime(TimeZone::UTC).date()
}

/// The moment at which a UTC day begins, in Unix seconds. `None` for the last days of the year 9999, which have no such
/// moment.
pub fn day_start(day: Date) -> Option<i64> {
    day.to_zoned_datetime(TimeZone::UTC)
        .map(|zoned| zoned.timestamp().as_second())
        .ok()
}

impl Edition {
    /// First day of the span.
    pub fn first_day(self) -> Date {
        match self {
            Self::Day(day) | Self::Week(day) | Self::Month(day) => day,
        }
    }

    /// Last day of the span, which is part of it.
    pub fn last_day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Week(monday) => monday.saturating_add(6.days()),
            Self::Month(first) => first.last_of_month(),
        }
    }

    /// When it begins, in Unix seconds; `i64::MAX` at the end of the calendar.
    pub fn start(self) -> i64 {
        day_start(self.first_day()).unwrap_or(i64::MAX)
    }

    /// When the next edition begins, in Unix seconds; `i64::MAX` at the end of the calendar.
    pub fn end(self) -> i64 {
        self.next().start()
    }

    /// The edition of the same kind that contains `day`.
    pub fn at(self, day: Date) -> Self {
        match self {
            Self::Day(_) => Self::Day(day),
            Self::Week(_) => Self::week_of(day),
            Self::Month(_) => Self::Month(day.first_of_month()),
        }
    }

    /// The ISO week that contains `day`.
    pub fn week_of(day: Date) -> Self {
        let monday = ISOWeekDate::new(
            day.iso_week_date().year(),
            day.iso_week_date().week(),
            Weekday::Monday,
        );
        Self::Week(monday.map_or(day, ISOWeekDate::date))
    }

    /// The edition before this one.
    pub fn previous(self) -> Self {
        self.at(self.first_day().saturating_sub(1.day()))
    }

    /// The edition after this one.
    pub fn next(self) -> Self {
        self.at(self.last_day().saturating_add(1.day()))
    }

    /// The path of its page.
    pub fn path(self) -> String {
        match self {
            Self::Day(_) => format!("/date/{self}"),
            Self::Week(_) => format!("/week/{self}"),
            Self::Month(_) => format!("/month/{self}"),
        }
    }

    /// The heading of its page: `Tuesday 24 November 2026`, `Week 48 of 2026`, `November 2026`.
    pub fn label(self) -> String {
        match self {
            Self::Day(day) => day.strftime("%A %-d %B %Y").to_string(),
            Self::Week(monday) => {
                let week = monday.iso_week_date();
                format!("Week {} of {}", week.week(), week.year())
            }
            Self::Month(first) => first.strftime("%B %Y").to_string(),
        }
    }
}

impl FromStr for Edition {
    type Err = InvalidEdition;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidEdition(text.chars().take(40).collect());
        if let Some(day) = parse_date(text) {
            return Ok(Self::Day(day));
        }
        let (year, rest) = text.split_once('-').ok_or_else(invalid)?;
        let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) {
            return Err(invalid());
        }
        let year: i16 = year.parse().map_err(|_| invalid())?;
        if let Some(week) = rest.strip_prefix(['W', 'w']).filter(|week| digits(week, 2)) {
            let week: i8 = week.parse().map_err(|_| invalid())?;
            let monday = ISOWeekDate::new(year, week, Weekday::Monday).map_err(|_| invalid())?;
            return Ok(Self::Week(monday.date()));
        }
        if digits(rest, 2) {
            let month: i8 = rest.parse().map_err(|_| invalid())?;
            return Date::new(year, month, 1).map(Self::Month).map_err(|_| invalid());
        }
        Err(invalid())
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Week(monday) => {
                let week = monday.iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month(first) => write!(f, "{:04}-{:02}", first.year(), first.month()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edition(text: &str) -> Edition {
        text.parse().expect(text)
    }

    #[test]
    fn an_edition_reads_back_as_it_is_written() {
        for text in ["2026-11-24", "2026-W48", "2026-W01", "2020-W53", "2026-11"] {
            assert_eq!(edition(text).to_string(), text);
        }
    }

    #[test]
    fn anything_but_a_day_week_or_month_is_refused() {
        for text in [
            "",
            "2025-13-45",
            "2026-W54",
            "2026-W00",
            "2026-13",
            "2026",
            "26-11-24",
            "2026-1-2",
            "2026-11-24T00:00",
            "-2026-11",
        ] {
            assert!(text.parse::<Edition>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_neighbour_of_an_edition_can_be_in_another_year() {
        assert_eq!(edition("2027-01-01").previous().to_string(), "2026-12-31");
        assert_eq!(edition("2026-12").next().to_string(), "2027-01");
        assert_eq!(edition("2020-W53").next().to_string(), "2021-W01");
    }

    #[test]
    fn an_edition_has_a_label() {
        assert_eq!(edition("2026-11-24").label(), "Tuesday 24 November 2026");
        assert_eq!(edition("2026-W48").label(), "Week 48 of 2026");
        assert_eq!(edition("2026-11").label(), "November 2026");
    }

    #[test]
    fn an_edition_ends_where_the_next_begins() {
        assert_eq!(edition("1970-01-01").start(), 0);
        assert_eq!(edition("1970-01-01").end(), 86_400);
        assert_eq!(edition("2026-11").end(), edition("2026-12").start());
        assert_eq!(edition("9999-12-31").start(), i64::MAX);
    }
}
