//! The one table of commands: what each shows in prose, in MathML and in plain text.
//!
//! The rows stand by subject in `greek`, `signs`, `letters`, `text`, `maths` and `authors`; a name
//! has one row. To teach Broadsheet a command, add its row there.

mod command;
mod find;
mod guess;
mod meaning;

mod authors;
mod greek;
mod letters;
mod maths;
mod signs;
mod text;

pub(crate) use command::{Maths, Plain, Prose, Symbol};
pub(crate) use find::{find, is_font_or_size, symbol};
pub(crate) use guess::guess;
pub(crate) use meaning::{is_macro, macros, meaning};
