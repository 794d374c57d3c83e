//! Files: hashed names, compressed forms, folders.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The first part of the names of the module, its script and the first style sheet.
pub const NAME: &str = "broadsheet";

/// A file with its hash in its name.
#[derive(Debug)]
pub struct Published {
    /// The hash of its content, 16 hexadecimal digits.
    pub hash: String,
    /// Its size after brotli, in bytes.
    pub brotli: usize,
}

/// Puts the hash of its content into the name of a file, and writes its compressed forms beside it.
pub fn publish(path: &Path, thorough: bool) -> Result<Published> {
    let bytes = fs::read(path)?;
    let hash = hash(&bytes);
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    // wasm-bindgen names the module `…_bg`; pages do not.
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or(NAME);
    let stem = stem.trim_end_matches("_bg");
    let named = path.with_file_name(format!("{stem}.{hash}.{extension}"));
    fs::rename(path, &named)?;
    let brotli = compress(&named, &bytes, thorough)?;
    Ok(Published { hash, brotli })
}

/// Writes `path`.br and `path`.gz. Returns the size of the first in bytes.
pub fn compress(path: &Path, bytes: &[u8], thorough: bool) -> Result<usize> {
    let form = |extension: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(extension);
        name
    };
    // Quality 9 is ten times faster than 11, and its output an eighth larger.
    let settings = brotli::enc::BrotliEncoderParams {
        quality: if thorough { 11 } else { 9 },
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut br = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut br, &settings)?;
    fs::write(form(".br"), &br)?;
    let mut gz =
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(if thorough { 9 } else { 6 }));
    gz.write_all(bytes)?;
    fs::write(form(".gz"), gz.finish()?)?;
    Ok(br.len())
}

/// Every file below `folder` with its path from there, sorted.
pub fn files_of(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.strip_prefix(folder)?.to_owned(), fs::read(&path)?));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Sixteen hexadecimal digits that tell one build from the next. Not safe against an attacker.
pub fn hash(content: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Removes a folder, if it exists.
pub fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
