//! Data that is not part of the repository.

use std::path::{Path, PathBuf};

/// A file of `../shared/data`, if it is there. It is not part of the repository.
pub fn shared_data(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    let found = path.exists().then_some(path);
    if found.is_none() {
        println!("skipped: no ../shared/data/{name}");
    }
    found
}
