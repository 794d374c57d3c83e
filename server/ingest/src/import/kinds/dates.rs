//! Dates in the formats of many programs.

use domain::paper::Published;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    fmt::rfc2822,
    tz::TimeZone,
};
use serde_json::Value;

use super::fields::Object;

/// `strptime` formats for days and moments, besides RFC 3339 and RFC 2822. Dates with an ambiguous numeric order of day
/// and month are not read.
const DAYS: [&str; 7] = [
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d-%b-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
];
const MOMENTS: [&str; 3] = [
    "%a %b %d %H:%M:%S %Y",
    "%a %b %d %Y %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
];

/// The date in the first of these fields that holds one.
pub(super) fn first_date(object: &Object, names: &[&str]) -> Option<Published> {
    names.iter().filter_map(|name| object.get(*name)).find_map(date)
}

/// The moment in the first of these fields that holds one. A day means its first second in UTC.
pub(super) fn first_moment(object: &Object, names: &[&str]) -> Option<Timestamp> {
    match first_date(object, names)? {
        Published::At(at) => Some(at),
        day => day
            .sort_key()
            .and_then(|second| Timestamp::from_second(second).ok()),
    }
}

/// A date: text, Unix time in seconds, milliseconds, microseconds or nanoseconds, or MongoDB's `{"$date": …}`. `None` for
/// anything else. A time without a time zone is UTC.
pub(super) fn date(value: &Value) -> Option<Published> {
    let value = value.get("$date").unwrap_or(value);
    match value {
        Value::Number(number) => of_number(number.as_f64()?),
        Value::String(text) => of_text(text),
        _ => None,
    }
}

/// Unix time. Its size shows its unit: each range begins in 1973, and only the range of seconds goes beyond the year
/// 5000. Smaller numbers are days such as 20251120.
fn of_number(number: f64) -> Option<Published> {
    let per_second = match number {
        1e7..1e8 => return of_day(&format!("{number}")),
        1e8..1e11 => 1e0,
        1e11..1e14 => 1e3,
        1e14..1e17 => 1e6,
        1e17..1e20 => 1e9,
        // This also rejects NaN.
        _ => return None,
    };
    let milliseconds = (number / per_second * 1e3).floor();
    // The largest is 1e14, far within the range of i64.
    let at = Timestamp::from_millisecond(milliseconds as i64).ok()?;
    Some(Published::of_moment(at))
}

fn of_text(text: &str) -> Option<Published> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return of_number(number);
    }
    // pandas and BigQuery write "2025-11-20 10:00:00 UTC", JavaScript "… GMT+0000 (Coordinated Universal Time)".
    let bare = text
        .strip_suffix(" UTC")
        .or_else(|| text.split_once(" GMT+0000").map(|(before, _)| before))
        .unwrap_or(text);
    text.parse()
        .ok()
        .or_else(|| of_civil(bare.parse().ok()?))
        .or_else(|| {
            let zoned = rfc2822::parse(text).ok()?;
            Some(Published::of_moment(zoned.timestamp()))
        })
        .or_else(|| of_day(bare))
        .or_else(|| {
            MOMENTS
                .iter()
                .find_map(|format| DateTime::strptime(format, bare).ok())
                .and_then(of_civil)
        })
}

fn of_civil(moment: DateTime) -> Option<Published> {
    let zoned = TimeZone::UTC.to_zoned_datetime(moment).ok()?;
    Some(Published::of_moment(zoned.timestamp()))
}

fn of_day(text: &str) -> Option<Published> {
    let day = DAYS.iter().find_map(|format| Date::strptime(format, text).ok())?;
    Some(Published::Day(day))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> Option<String> {
        date(value).map(|date| date.to_string())
    }

    #[test]
    fn a_day_is_read_in_every_spelling() {
        for value in [
            json!("2025-11-20"),
            json!(" 2025-11-20 "),
            json!("2025-11-20T00:00:00.000Z"),
            json!("2025-11-20T00:00:00.000+0000"),
            json!("2025-11-20T00:00:00+00:00"),
            json!("2025-11-20 00:00:00"),
            json!("2025-11-20T00:00:00"),
            json!("Thu, 20 Nov 2025 00:00:00 GMT"),
            json!("20 Nov 2025 00:00:00 +0000"),
            json!("20 Nov 2025"),
            json!("20 November 2025"),
            json!("November 20, 2025"),
            json!("Nov 20, 2025"),
            json!("20-Nov-2025"),
            json!("2025/11/20"),
            json!("20251120"),
            json!(20_251_120),
            json!(1_763_596_800),
            json!(1_763_596_800.0),
            json!(1_763_596_800_000_i64),
            json!(1_763_596_800_000_000_i64),
            json!(1_763_596_800_000_000_000_i64),
            json!("1763596800"),
            json!("1763596800000"),
            json!("1763596800000.0"),
            json!({"$date": "2025-11-20T00:00:00Z"}),
            json!({"$date": 1_763_596_800_000_i64}),
        ] {
            assert_eq!(read(&value).as_deref(), Some("2025-11-20"), "{value}");
        }
        assert_eq!(read(&json!("2025-11")).as_deref(), Some("2025-11"));
    }

    #[test]
    fn a_moment_is_read_in_every_spelling() {
        for value in [
            json!("2025-11-20T10:00:05Z"),
            json!("2025-11-20 10:00:05"),
            json!("2025-11-20 10:00:05 UTC"),
            json!("2025-11-20 10:00:05+00:00"),
            json!("2025-11-20T10:00:05"),
            json!("2025-11-20T05:00:05.000-0500"),
            json!("Thu, 20 Nov 2025 05:00:05 -0500"),
            json!("20 Nov 2025 10:00:05 GMT"),
            json!("Thu Nov 20 10:00:05 2025"),
            json!("Thu Nov 20 2025 10:00:05 GMT+0000 (Coordinated Universal Time)"),
            json!("2025/11/20 10:00:05"),
            json!(1_763_632_805),
            json!("1763632805000"),
        ] {
            assert_eq!(read(&value).as_deref(), Some("2025-11-20T10:00:05Z"), "{value}");
        }
    }

    #[test]
    fn anything_else_is_not_a_date() {
        for value in [
            json!(null),
            json!(true),
            json!(""),
            json!("soon"),
            json!("2025"),
            json!(2025),
            json!(0),
            json!(-1_763_596_800),
            json!(1e300),
            json!("NaN"),
            json!("inf"),
            // 10 November or 11 October.
            json!("10/11/2025"),
            json!("2025-02-30"),
            json!("2025-13-01"),
            json!("20251399"),
            json!("20 Foo 2025"),
            json!("Wed, 20 Nov 2025 10:00:05 GMT"),
            json!(["2025-11-20"]),
            json!({"date": "2025-11-20"}),
            json!({"$date": {"$date": "2025-11-20"}}),
            json!("2025-11-20T10:00:05Z and more"),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }
}
