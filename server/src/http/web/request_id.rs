//! The id of a request.

/// The id of a request, in the log and on its error page. It means nothing to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);
