//! `bundle [--release] [--sizes] [--accept]`: makes `target/site`, which holds all files that a browser loads besides
//! pages.
//!
//! It replaces cargo-leptos, wasm-bindgen-cli and a style compiler: a new machine would have to compile those first, for
//! 1,000 CPU seconds and more. The file names are those of cargo-leptos, and `hash.txt` has the form that Leptos reads:
//!
//! ```text
//! target/site/hash.txt                     js: 0123…  wasm: 4567…  css: 89ab…  pages: cdef…
//! target/site/pkg/broadsheet.<hash>.js     and .wasm, .css; each with .br and .gz beside it
//! target/site/…                            the files of frontend/public; text with .br and .gz beside it
//! ```
//!
//! With `--release` the module goes through wasm-opt where that is installed, compression is slow and thorough, and the
//! build fails if a file is over its budget. `--sizes` prints what the module consists of. `--accept` writes down the
//! sizes that later builds are compared with. If nothing has changed, nothing is done.

mod budget;
mod contributors;
mod files;
mod module;
mod options;
mod site;
mod style;

use std::env;

use options::Options;

fn main() -> anyhow::Result<()> {
    site::build(&Options::read(env::args().skip(1))?)
}
