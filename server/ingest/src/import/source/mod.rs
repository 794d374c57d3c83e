//! Where records come from: a file, an archive or standard input, compressed or not. The first bytes show the format;
//! the file name does not matter.

mod archive;
mod expansion;
mod input;
mod recognise;
mod unpack;

pub use input::Input;
pub(super) use input::{Contents, Opened};
