//! The body of a response, bounded in size.

use domain::Upstream;
use reqwest::{Response, header};
use store::Validators;

use super::error::FetchError;

/// A complete response.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// The HTTP status.
    pub status: u16,
    /// The decompressed body.
    pub bytes: Vec<u8>,
    /// The URL that sent it, after all redirects.
    pub url: String,
    /// What a conditional request sends next time.
    pub validators: Validators,
}

/// Reads a body part by part, and fails when it is larger than `most` bytes.
pub(super) async fn read(
    mut response: Response,
    most: usize,
    upstream: Upstream,
) -> Result<Body, FetchError> {
    let too_large = || {
        FetchError::Refused(format!(
            "{} sent more than {} MB",
            upstream.short_label(),
            most >> 20
        ))
    };
    if response
        .content_length()
        .is_some_and(|length| length > most as u64)
    {
        return Err(too_large());
    }
    let header = |name| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let mut body = Body {
        status: response.status().as_u16(),
        bytes: Vec::new(),
        url: response.url().to_string(),
        validators: Validators {
            etag: header(header::ETAG),
            last_modified: header(header::LAST_MODIFIED),
        },
    };
    while let Some(part) = response
        .chunk()
        .await
        .map_err(|error| FetchError::network(upstream, &error))?
    {
        if body.bytes.len() + part.len() > most {
            return Err(too_large());
        }
        body.bytes.extend_from_slice(&part);
    }
    Ok(body)
}
