//! `bundle [--release] [--sizes] [--accept]`: makes `target/site`, everything a browser asks Broadsheet for besides pages.
//!
//! It takes the place of cargo-leptos, wasm-bindgen-cli and a style compiler, which a new machine would have to compile
//! first (1,000 CPU seconds and more). What it makes has the same names, and `hash.txt` is written as Leptos reads it:
//!
//! ```text
//! target/site/hash.txt                     js: 0123…  wasm: 4567…  css: 89ab…  pages: cdef…
//! target/site/pkg/broadsheet.<hash>.js     and .wasm, .css; each with .br and .gz beside it
//! target/site/…                            the files of frontend/public; text with .br and .gz beside it
//! ```
//!
//! With `--release` the module also goes through wasm-opt, if there is one, compression is slow and thorough, and what is
//! larger than its budget fails. `--sizes` says what the module consists of; `--accept` notes today's sizes as those
//! that later ones are compared with. Nothing is done when nothing has changed.

mod budget;
mod contributors;
mod style;

use anyhow::{Context, Result, bail, ensure};
use budget::{FIRST_FONTS, Sizes};
use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};
use wasm_bindgen_cli_support::Bindgen;

/// The first part of the three files' names; the server tells Leptos the same.
const NAME: &str = "broadsheet";
/// The same of the second style sheet.
const PAGES: &str = "pages";

/// Files that shrink. Fonts and pictures are compressed as they are.
const TEXT: [&str; 9] = [
    "css",
    "html",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

fn main() -> Result<()> {
    let Options {
        release,
        sizes,
        accept,
    } = Options::read(env::args().skip(1))?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?;
    let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    let site = target.join("site");
    let stamp = target.join("site.stamp");

    let module = compile(&root, &target)?;
    let css = style::bundle(&root.join("style/main.css"))?;
    let pages_css = style::bundle(&root.join("style/pages.css"))?;
    let public = files_of(&root.join("frontend/public"))?;
    let optimizer = if release { find_optimizer(&root) } else { None };

    let inputs = (
        release,
        &optimizer,
        fs::read(&module)?,
        (&css, &pages_css),
        &public,
        fs::metadata(env::current_exe()?)?.modified()?,
    );
    let inputs = hash(&inputs);
    let made = site.join("hash.txt").exists() && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs);
    if made && !sizes && !accept {
        return Ok(());
    }

    // Made aside and put in place whole, so that a stop half-way leaves no half site, and old files go.
    let fresh = target.join("site.new");
    remove(&fresh)?;
    let pkg = fresh.join("pkg");
    bind(&module, &pkg)?;
    let wasm = pkg.join(format!("{NAME}_bg.wasm"));
    match &optimizer {
        Some(program) => optimize(program, &wasm)?,
        None if release => {
            println!("bundle: no wasm-opt (run `npm ci` in end2end): the module is larger than it need be")
        }
        None => {}
    }
    fs::write(pkg.join(format!("{NAME}.css")), &css)?;
    let parts = [
        ("js", publish(&pkg.join(format!("{NAME}.js")), release)?),
        ("wasm", publish(&wasm, release)?),
        ("css", publish(&pkg.join(format!("{NAME}.css")), release)?),
    ];
    // What a first visit to a list does not fetch is no part of its budget.
    fs::write(pkg.join(format!("{PAGES}.css")), &pages_css)?;
    let pages = publish(&pkg.join(format!("{PAGES}.css")), release)?;
    for (name, bytes) in &public {
        let path = fresh.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&fresh))?;
        fs::write(&path, bytes)?;
        if path
            .extension()
            .is_some_and(|extension| TEXT.iter().any(|text| extension == *text))
        {
            compress(&path, bytes, release)?;
        }
    }
    fs::write(
        fresh.join("hash.txt"),
        parts
            .iter()
            .map(|(kind, file)| format!("{kind}: {}\n", file.hash))
            .chain([format!("pages: {}\n", pages.hash)])
            .collect::<String>(),
    )?;

    let fonts = public
        .iter()
        .filter(|(name, _)| {
            FIRST_FONTS
                .iter()
                .any(|font| name.to_string_lossy().contains(font))
        })
        .map(|(_, bytes)| bytes.len())
        .sum();
    let now = Sizes::of(
        parts
            .iter()
            .map(|(kind, file)| (*kind, file.brotli))
            .chain([("fonts", fonts)]),
    );
    let book = root.join("frontend/sizes.txt");
    let accepted = Sizes::read(&book)?;
    print!("{}", now.table(&accepted));
    let kept = now.keep_to_budget(&accepted);
    if sizes || (kept.is_err() && release) {
        print!("{}", contributors::largest(&module)?);
    }
    match kept {
        // Without wasm-opt it says nothing about a release in earnest; a machine without Node may have one all the same.
        Err(over) if release && optimizer.is_some() => {
            return Err(over.context("see BUDGET in frontend/bundle/src/budget.rs"));
        }
        Err(over) => println!("bundle: {over}; a release with wasm-opt would fail unless it saves that much"),
        Ok(()) => {}
    }
    if accept {
        now.write(&book)?;
    }
    remove(&site)?;
    fs::rename(&fresh, &site)?;
    fs::write(&stamp, inputs)?;
    Ok(())
}

/// What the command line asks for.
#[derive(Default)]
struct Options {
    release: bool,
    sizes: bool,
    accept: bool,
}

impl Options {
    fn read(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--release" => options.release = true,
                "--sizes" => options.sizes = true,
                "--accept" => options.accept = true,
                _ => bail!("usage: bundle [--release] [--sizes] [--accept]"),
            }
        }
        ensure!(
            options.release || !options.accept,
            "only the sizes of a release can be accepted: bundle --release --accept"
        );
        Ok(options)
    }
}

/// How the module is compiled: as small as it gets. As flags and not as a profile, because a profile has its own copy
/// of every macro and build script, and under the dev profile the server's are reused.
const SMALL: [&str; 5] = [
    "-Copt-level=z",
    "-Cdebuginfo=0",
    "-Cdebug-assertions=off",
    "-Coverflow-checks=off",
    "-Cembed-bitcode=yes",
];

/// Builds the crate `frontend` for the browser and names the file.
fn compile(root: &Path, target: &Path) -> Result<PathBuf> {
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args([
            "rustc",
            "--package",
            "frontend",
            "--lib",
            "--crate-type",
            "cdylib",
        ])
        .args(["--target", "wasm32-unknown-unknown", "--target-dir"])
        .arg(target)
        .args(["--", "-Clto=fat", "-Ccodegen-units=1"])
        .env("CARGO_ENCODED_RUSTFLAGS", SMALL.join("\x1f"))
        // Nothing incremental may meet lto.
        .env("CARGO_INCREMENTAL", "0")
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "the front end does not build");
    Ok(target.join("wasm32-unknown-unknown/debug/frontend.wasm"))
}

/// Writes the module without what only tools read, and the script that loads it, into `pkg`.
fn bind(module: &Path, pkg: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // Leptos names the module when it calls; a default would name a file that is not there.
        .omit_default_module_path(true)
        .generate_output()?
        .emit(pkg)
}

/// wasm-opt of the npm package binaryen in `end2end`, else that of the PATH.
fn find_optimizer(root: &Path) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(root.join("end2end/node_modules/.bin")).chain(env::split_paths(&path));
    folders
        .map(|folder| folder.join("wasm-opt"))
        .find(|program| program.is_file())
}

fn optimize(program: &Path, wasm: &Path) -> Result<()> {
    println!("bundle: {} -Oz", program.display());
    let status = Command::new(program)
        .arg("-Oz")
        .arg(wasm)
        .arg("-o")
        .arg(wasm)
        .status();
    ensure!(
        status
            .with_context(|| format!("cannot start {}", program.display()))?
            .success(),
        "wasm-opt failed"
    );
    Ok(())
}

/// What became of one of the three files.
struct Published {
    hash: String,
    brotli: usize,
}

/// Puts a hash of its content into a file's name, and its compressed twins beside it.
fn publish(path: &Path, thorough: bool) -> Result<Published> {
    let bytes = fs::read(path)?;
    let hash = hash(&bytes);
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    // The binding names the module `…_bg`; everybody else does not.
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or(NAME);
    let stem = stem.trim_end_matches("_bg");
    let named = path.with_file_name(format!("{stem}.{hash}.{extension}"));
    fs::rename(path, &named)?;
    let brotli = compress(&named, &bytes, thorough)?;
    Ok(Published { hash, brotli })
}

/// Writes `path`.br and `path`.gz and gives the size of the former.
fn compress(path: &Path, bytes: &[u8], thorough: bool) -> Result<usize> {
    let twin = |extension: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(extension);
        name
    };
    // 9 is ten times quicker than 11 and an eighth larger.
    let settings = brotli::enc::BrotliEncoderParams {
        quality: if thorough { 11 } else { 9 },
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut br = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut br, &settings)?;
    fs::write(twin(".br"), &br)?;
    let mut gz =
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(if thorough { 9 } else { 6 }));
    gz.write_all(bytes)?;
    fs::write(twin(".gz"), gz.finish()?)?;
    Ok(br.len())
}

/// Every file below `folder`, by its path from there, in order.
fn files_of(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
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

/// Sixteen hexadecimal digits: not against an adversary, only to tell one build from the next.
fn hash(content: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
