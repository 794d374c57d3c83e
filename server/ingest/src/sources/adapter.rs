//! What every source that a job follows has in common.

use jiff::civil::Date;

use super::context::SourceContext;
use crate::fetch::FetchError;

/// A source that a job follows.
pub trait Adapter {
    /// One pass: asks for what is new, or for everything since `from`, and stores it. Papers that were stored before an
    /// error stay stored.
    fn pass(
        &self,
        source: &SourceContext,
        from: Option<Date>,
    ) -> impl Future<Output = Result<(), FetchError>> + Send;
}
