//! Which parts of the code make the WebAssembly module large.

use anyhow::Result;
use std::{fmt::Write, fs, path::Path};

/// This many lines fit on a screen below the table of sizes.
const SHOWN: usize = 15;

/// The largest functions and data of a module that still has its names, by their own size, without the functions that
/// they call. The module has not been through wasm-opt and brotli yet, so only the order and the shares are meaningful.
pub fn largest(module: &Path) -> Result<String> {
    let items = twiggy_parser::parse(&fs::read(module)?)?;
    let mut sized: Vec<(u32, &str)> = items
        .iter()
        .map(|item| (item.size(), item.name()))
        .filter(|(_, name)| is_sent(name))
        .collect();
    sized.sort_unstable_by(|a, b| b.cmp(a));
    let whole: u32 = sized.iter().map(|(bytes, _)| bytes).sum();
    let mut table = format!("The largest of {} kB before wasm-opt:\n", whole / 1000);
    for (bytes, name) in sized.iter().take(SHOWN) {
        let share = 100.0 * f64::from(*bytes) / f64::from(whole);
        let name: String = name.chars().take(100).collect();
        let _ = writeln!(table, "{bytes:>8} {share:>5.1} %  {name}");
    }
    Ok(table)
}

/// Names, debug information and the input of wasm-bindgen are not sent to a browser.
fn is_sent(name: &str) -> bool {
    !name.starts_with("custom section") && !name.ends_with("subsection")
}
