//! The WebAssembly module: compiling, binding and optimising it.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::files::NAME;

/// Compiler flags that make the module as small as possible. They are flags and not a profile, because a profile compiles
/// its own copy of every macro and build script; with flags, those of the server are reused.
const SMALL: [&str; 5] = [
    "-Copt-level=z",
    "-Cdebuginfo=0",
    "-Cdebug-assertions=off",
    "-Coverflow-checks=off",
    "-Cembed-bitcode=yes",
];

/// Builds the crate `frontend` for the browser. Returns the path of the module.
pub fn compile(root: &Path, target: &Path) -> Result<PathBuf> {
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
        // Incremental compilation does not work with LTO.
        .env("CARGO_INCREMENTAL", "0")
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "the front end does not build");
    Ok(target.join("wasm32-unknown-unknown/debug/frontend.wasm"))
}

/// Writes the module, and the script that loads it, into `pkg`. Sections that only tools read are removed.
pub fn bind(module: &Path, pkg: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // Leptos passes the path of the module when it loads it; the default path would not exist.
        .omit_default_module_path(true)
        .generate_output()?
        .emit(pkg)
}

/// Finds wasm-opt: in the npm package binaryen of `end2end`, otherwise in the PATH.
pub fn find_optimizer(root: &Path) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(root.join("end2end/node_modules/.bin")).chain(env::split_paths(&path));
    folders
        .map(|folder| folder.join("wasm-opt"))
        .find(|program| program.is_file())
}

/// Runs wasm-opt on the module, in place.
pub fn optimize(program: &Path, wasm: &Path) -> Result<()> {
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
