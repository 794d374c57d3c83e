//! What the tests of several packages share: a library in a file, papers to put into it, a walk through a listing,
//! simulated sources and a mail server.

mod dice;
mod library;
pub mod mailing;
mod papers;
pub mod real_papers;
mod shared_data;
pub mod simulated_sources;
pub mod smtp;
pub mod upstream;
mod values;
pub mod visible;
mod walk;

pub use dice::Dice;
pub use library::{Library, connect};
pub use papers::{PaperBuilder, a_paper, a_titled_paper};
pub use shared_data::shared_data;
pub use values::{at, key, listing, now};
pub use walk::walk;
