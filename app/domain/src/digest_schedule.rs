//! When a subscriber gets the digest (hour, days of the week, time zone), and how long it is.

use jiff::civil::Weekday;

/// The choices for the number of papers of each saved search in one digest.
pub const PAPERS_PER_SEARCH: [i64; 3] = [5, 10, 20];

/// Days of the week, at least one. One bit each; Monday is the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days(u8);

impl Days {
    /// Monday to Friday, the days on which arXiv announces papers.
    pub const WORKING: Self = Self(0b001_1111);
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);
    /// The days in order, Monday first.
    pub const WEEK: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// The days of a number from [`Days::bits`]; `None` for any other number.
    pub fn of_bits(bits: i64) -> Option<Self> {
        u8::try_from(bits)
            .ok()
            .filter(|bits| (1..=127).contains(bits))
            .map(Self)
    }

    /// A set of these days; `None` if there are none.
    pub fn of(days: impl IntoIterator<Item = Weekday>) -> Option<Self> {
        let bits = days.into_iter().fold(0, |bits, day| bits | bit(day));
        (bits != 0).then_some(Self(bits))
    }

    /// Reads the value of a form: `weekdays`, `daily`, or the name of a day for a weekly digest.
    pub fn from_code(word: &str) -> Option<Self> {
        match word {
            "weekdays" => Some(Self::WORKING),
            "daily" => Some(Self::ALL),
            _ => Self::WEEK
                .into_iter()
                .find(|day| name(*day).eq_ignore_ascii_case(word))
                .map(|day| Self(bit(day))),
        }
    }

    /// The day of a weekly digest: its only day. `None` if there are several.
    pub fn weekly(self) -> Option<Weekday> {
        let mut days = Self::WEEK.into_iter().filter(|day| self.has(*day));
        days.next().filter(|_| days.next().is_none())
    }

    /// The number that stands for these days in the database.
    pub fn bits(self) -> i64 {
        self.0.into()
    }

    /// Whether the digest is sent on this day.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// For people: "every day", "Monday to Friday", "weekly on Mondays", "on Mon, Wed".
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

/// When a digest is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestSchedule {
    /// IANA name of the time zone.
    pub zone: String,
    /// Hour of the day in that zone, 0 to 23.
    pub hour: i8,
    /// Days of the week in that zone.
    pub days: Days,
}

impl DigestSchedule {
    /// At eight from Monday to Friday.
    pub fn usual(zone: &str) -> Self {
        Self {
            zone: zone.to_owned(),
            hour: 8,
            days: Days::WORKING,
        }
    }

    /// For people: "at 08:00, Monday to Friday (Paris time)".
    pub fn label(&self) -> String {
        format!(
            "at {:02}:00, {} ({})",
            self.hour,
            self.days.label(),
            zone_label(&self.zone)
        )
    }
}

/// `Paris time` for `Europe/Paris`. A zone without a city, such as `UTC`, keeps its name.
fn zone_label(zone: &str) -> String {
    match zone.rsplit_once('/') {
        // The sign in the names of this group is the reverse of what people expect: Etc/GMT+5 is west of Greenwich.
        Some(("Etc", _)) | None => zone.to_owned(),
        Some((_, city)) => format!("{} time", city.replace('_', " ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_names_its_hour_days_and_city() {
        let label = |zone: &str| DigestSchedule::usual(zone).label();
        assert_eq!(label("Europe/Paris"), "at 08:00, Monday to Friday (Paris time)");
        assert_eq!(
            label("America/Argentina/Buenos_Aires"),
            "at 08:00, Monday to Friday (Buenos Aires time)"
        );
        assert_eq!(label("UTC"), "at 08:00, Monday to Friday (UTC)");
        assert_eq!(label("Etc/GMT+5"), "at 08:00, Monday to Friday (Etc/GMT+5)");
    }

    #[test]
    fn days_have_labels() {
        let words = |days: &[Weekday]| Days::of(days.iter().copied()).map(Days::label);
        assert_eq!(words(&Days::WEEK).as_deref(), Some("every day"));
        assert_eq!(words(&Days::WEEK[..5]).as_deref(), Some("Monday to Friday"));
        assert_eq!(words(&[Weekday::Sunday]).as_deref(), Some("weekly on Sundays"));
        assert_eq!(
            words(&[Weekday::Wednesday, Weekday::Monday]).as_deref(),
            Some("on Mon, Wed")
        );
        assert_eq!(words(&[]), None);
        assert_eq!(Days::from_code("weekdays"), Some(Days::WORKING));
        assert_eq!(
            Days::from_code("sunday").and_then(Days::weekly),
            Some(Weekday::Sunday)
        );
        assert_eq!((Days::from_code("never"), Days::ALL.weekly()), (None, None));
        assert_eq!(Days::of_bits(0), None);
        assert_eq!(Days::of_bits(128), None);
        assert_eq!(Days::of_bits(31), Some(Days::WORKING));
    }
}
