//! What the status and the headers of a response mean.

use std::time::Duration;

use domain::Upstream;
use jiff::Timestamp;
use reqwest::{Response, StatusCode, Url, header};

use super::{error::FetchError, headers, request::FetchRequest};

/// Whether this status says that something does not exist, and the request allows it.
pub(super) fn is_missing(request: &FetchRequest, status: StatusCode) -> bool {
    request.may_be_missing
        && matches!(
            status,
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS
        )
}

/// Passes a response on if its body or its redirect is to be read, and fails otherwise.
pub(super) fn check(
    request: &FetchRequest,
    response: Response,
    now: Timestamp,
) -> Result<Response, FetchError> {
    let status = response.status();
    let quota = headers::quota_pause(response.headers(), now);
    // If the quota is used up, the response says nothing about what was asked for, whatever its status is.
    let is_accepted = request.also_accepted.contains(&status.as_u16()) && quota.is_none();
    if status.is_success() || status.is_redirection() || is_accepted || is_missing(request, status) {
        return Ok(response);
    }
    let retry_after = headers::retry_after(response.headers(), now).or(quota);
    let message = message(request, status);
    Err(if is_passing(status, retry_after) {
        FetchError::Passing { message, retry_after }
    } else {
        FetchError::Refused(message)
    })
}

fn is_passing(status: StatusCode, retry_after: Option<Duration>) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
        )
        || (status == StatusCode::FORBIDDEN && retry_after.is_some())
}

fn message(request: &FetchRequest, status: StatusCode) -> String {
    let name = request.upstream.short_label();
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            let url = Url::parse(&request.url).ok();
            let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
            format!("{name} was not found: {status} at {host}")
        }
        _ => format!("{name} answered with {status}"),
    }
}

/// The URL to which a response redirects, if it does. A redirect from https to http is refused.
pub(super) fn redirect(
    upstream: Upstream,
    from: &str,
    response: &Response,
) -> Option<Result<String, FetchError>> {
    if !response.status().is_redirection() || response.status() == StatusCode::NOT_MODIFIED {
        return None;
    }
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    let target = from.parse::<Url>().ok().and_then(|from| {
        let to = from.join(location?).ok()?;
        (to.scheme() == "https" || to.scheme() == from.scheme()).then(|| to.to_string())
    });
    Some(target.ok_or_else(|| {
        FetchError::Refused(format!(
            "{} redirects to an address that cannot be used",
            upstream.short_label()
        ))
    }))
}

/// Whether two URLs have the same scheme, host and port.
pub(super) fn same_origin(one: &str, other: &str) -> bool {
    match (one.parse::<Url>(), other.parse::<Url>()) {
        (Ok(one), Ok(other)) => one.origin() == other.origin(),
        _ => false,
    }
}
