//! `broadsheet import`: reads files of records into the library, as a stream. Memory does not grow with the file. Each batch
//! is one transaction. A record that cannot be read is rejected with the reason, and the import continues.

mod batch;
mod error;
mod kinds;
mod printable;
mod progress;
mod records;
mod run;
mod source;

pub use error::{ImportError, Reject};
pub(crate) use kinds::{Moments, read_record};
pub use progress::Progress;
pub use records::{MOST_RECORD_BYTES, Records};
pub use run::import;
pub use source::Input;
