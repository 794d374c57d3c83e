//! The health of the sources, as `/about/sources` shows it.

mod schedule;
mod source;
mod sources;

pub use sources::sources;
