//! HTTP validators of the last answer of a source.

/// What a server sends to identify an answer, so that the next request gets it only if it has changed (RFC 9110, 8.8).
/// Store it after the content of the answer: with the other order a crash in between would lose the content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// `ETag`
    pub etag: Option<String>,
    /// `Last-Modified`
    pub last_modified: Option<String>,
}
