//! When a subscriber's mail comes: hour, days of the week, zone.

use jiff::civil::Weekday;

/// Days of the week: one bit each, Monday the lowest. Never none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days(u8);

impl Days {
    /// Monday to Friday, when arXiv has news.
    pub const WORKING: Self = Self(0b001_1111);
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);
    /// Monday first.
    pub const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// Reads what [`Days::bits`] wrote; `None` for no day at all and for what is no set of days.
    pub fn of_bits(bits: i64) -> Option<Self> {
        u8::try_from(bits)
            .ok()
            .filter(|bits| (1..=127).contains(bits))
            .map(Self)
    }

    /// These days; `None` when there are none.
    pub fn of(days: impl IntoIterator<Item = Weekday>) -> Option<Self> {
        let bits = days.into_iter().fold(0, |bits, day| bits | bit(day));
        (bits != 0).then_some(Self(bits))
    }

    /// Reads one word of a form: `weekdays`, `daily`, or the name of a day for a weekly mail.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "weekdays" => Some(Self::WORKING),
            "daily" => Some(Self::ALL),
            _ => Self::WEEK
                .into_iter()
                .find(|day| name(*day).eq_ignore_ascii_case(word))
                .map(|day| Self(bit(day))),
        }
    }

    /// The day of a weekly mail: the only one there is.
    pub fn weekly(self) -> Option<Weekday> {
        let mut days = Self::WEEK.into_iter().filter(|day| self.has(*day));
        days.next().filter(|_| days.next().is_none())
    }

    /// For the database.
    pub fn bits(self) -> i64 {
        self.0.into()
    }

    /// Whether the mail comes on this day.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// In words: "every day", "Monday to Friday", "weekly on Mondays", "on Mon, Wed".
    pub fn label(self) -> String {
        if self == Self::ALL {
            return "every day".to_owned();
        }
        if self == Self::WORKING {
            return "Monday to Friday".to_owned();
        }
        let days: Vec<&str> = Self::WEEK
            .into_iter()
            .filter(|day| self.has(*day))
            .map(name)
            .collect();
        match days[..] {
            [day] => format!("weekly on {day}s"),
            _ => format!(
                "on {}",
                days.iter().map(|day| &day[..3]).collect::<Vec<_>>().join(", ")
            ),
        }
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

/// The English name of a day.
pub fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// When a mail comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestSchedule {
    /// IANA time zone.
    pub zone: String,
    /// By the clock of that zone, 0 to 23.
    pub hour: i8,
    /// On these days.
    pub days: Days,
}

impl DigestSchedule {
    /// At eight on working days.
    pub fn usual(zone: &str) -> Self {
        Self {
            zone: zone.to_owned(),
            hour: 8,
            days: Days::WORKING,
        }
    }

    /// In words: "at 08:00, Monday to Friday (Europe/Paris)".
    pub fn label(&self) -> String {
        format!("at {:02}:00, {} ({})", self.hour, self.days.label(), self.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_people_say_them() {
        let words = |days: &[Weekday]| Days::of(days.iter().copied()).map(Days::label);
        assert_eq!(words(&Days::WEEK).as_deref(), Some("every day"));
        assert_eq!(words(&Days::WEEK[..5]).as_deref(), Some("Monday to Friday"));
        assert_eq!(words(&[Weekday::Sunday]).as_deref(), Some("weekly on Sundays"));
        assert_eq!(
            words(&[Weekday::Wednesday, Weekday::Monday]).as_deref(),
            Some("on Mon, Wed")
        );
        assert_eq!(words(&[]), None);
        assert_eq!(Days::of_word("weekdays"), Some(Days::WORKING));
        assert_eq!(
            Days::of_word("sunday").and_then(Days::weekly),
            Some(Weekday::Sunday)
        );
        assert_eq!((Days::of_word("never"), Days::ALL.weekly()), (None, None));
        assert_eq!(Days::of_bits(0), None);
        assert_eq!(Days::of_bits(128), None);
        assert_eq!(Days::of_bits(31), Some(Days::WORKING));
    }
}
