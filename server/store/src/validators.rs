//! HTTP validators of the last answer of a source.

/// What a server says of an answer, for asking again only if it has changed (RFC 9110, 8.8). To be remembered once
/// the answer is stored, not before: else a crash between the two loses it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// `ETag`
    pub etag: Option<String>,
    /// `Last-Modified`
    pub last_modified: Option<String>,
}
