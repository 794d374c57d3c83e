//! Titles and abstracts are prose with TeX in it. This package makes text, formulas and links of them.
//!
//! [`segments()`] is for pages: it sets each formula as MathML, and shows the source of a formula that
//! it cannot set. [`plain()`] is for places without markup. Anybody may have written the text, so
//! nothing here panics, recurses without limit, or takes more than linear time.
//!
//! `clean` resolves what exporters added, such as entities of HTML. `lexer` cuts TeX into tokens and `commands` says what each command means. `prose` reads a text
//! and finds its formulas with `delimiters`; `mathml` and `unicode` write a formula. `units` rewrites
//! the quantities of siunitx and the chemical formulas of mhchem for both.

mod accents;
mod arguments;
mod clean;
mod commands;
mod delimiters;
mod dollars;
mod lexer;
mod mathml;
mod parts;
mod plain;
mod prose;
mod segments;
mod steps;
#[cfg(test)]
mod tests;
mod unicode;
mod units;

pub use parts::{Part, parts};
pub use plain::{PLAIN_VERSION, plain};
pub use segments::{Segment, segments};
