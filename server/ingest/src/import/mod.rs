//! `broadsheet import`: reads files of records into the library, as a stream. Memory does not grow with the file. Each batch
//! is one transaction. A record that cannot be read is rejected with the reason, and the import continues.

mod error;
mod input;
mod kinds;
mod progress;
mod records;
mod run;

pub use error::{ImportError, Reject};
pub use input::Input;
pub(crate) use kinds::read_record;
pub use progress::Progress;
pub use records::{MOST_RECORD_BYTES, Records};
pub use run::import;
