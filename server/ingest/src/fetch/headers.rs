//! Headers with which servers say when to send the next request.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn until(moment: i64, now: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(moment.saturating_sub(now.as_second())).unwrap_or(0))
}

/// `Retry-After` (RFC 9110, section 10.2.3): a number of seconds, or a date.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER.as_str())?;
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    let moment = date.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    Some(until(i64::try_from(moment).ok()?, now))
}

/// How long to send nothing because a quota is used up: GitHub's `x-ratelimit-remaining` and `-reset`, and `RateLimit`
/// (draft-ietf-httpapi-ratelimit-headers) in the form of Hugging Face: `"api";r=0;t=120`.
pub fn quota_pause(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    if text(headers, "x-ratelimit-remaining") == Some("0")
        && let Some(reset) = text(headers, "x-ratelimit-reset").and_then(|reset| reset.parse().ok())
    {
        return Some(until(reset, now));
    }
    let value = text(headers, "ratelimit")?;
    let parameter = |name: &str| {
        value
            .split(';')
            .filter_map(|part| part.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .and_then(|(_, number)| number.trim().parse::<u64>().ok())
    };
    match (parameter("r"), parameter("t")) {
        (Some(0), Some(seconds)) => Some(Duration::from_secs(seconds)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    reqwest::header::HeaderName::from_static(name),
                    reqwest::header::HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn now() -> Timestamp {
        "2026-11-24T12:00:00Z".parse().expect("a moment")
    }

    #[test]
    fn retry_after_is_a_number_of_seconds_or_a_date() {
        let after = |value| retry_after(&headers(&[("retry-after", value)]), now());
        assert_eq!(after("10"), Some(Duration::from_secs(10)));
        assert_eq!(
            after("Tue, 24 Nov 2026 12:02:00 GMT"),
            Some(Duration::from_secs(120))
        );
        // A date that has passed.
        assert_eq!(after("Tue, 24 Nov 2026 11:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(after("soon"), None);
        assert_eq!(after("-5"), None);
    }

    #[test]
    fn only_a_used_up_quota_asks_for_a_pause() {
        let reset = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1795521900"),
        ];
        assert_eq!(
            quota_pause(&headers(&reset), now()),
            Some(Duration::from_secs(300))
        );
        assert_eq!(
            quota_pause(&headers(&[("ratelimit", "\"api\";r=0;t=55")]), now()),
            Some(Duration::from_secs(55))
        );
        assert_eq!(
            quota_pause(&headers(&[("ratelimit", "\"api\";r=499;t=55")]), now()),
            None
        );
        assert_eq!(
            quota_pause(&headers(&[("x-ratelimit-remaining", "0")]), now()),
            None
        );
        assert_eq!(quota_pause(&headers(&[]), now()), None);
    }
}
