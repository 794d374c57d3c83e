//! The structure that the README draws: which package may use which, and no circle of files inside a package.

mod graph;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

use graph::{Package, circles_of};
use serde_json::Value;

/// Each package of ours, and the packages of ours that it may use. Those of the tests are left out.
const MAY_USE: [(&str, &[&str]); 13] = [
    ("domain", &[]),
    ("tex", &["domain"]),
    ("migrations", &[]),
    ("bundle", &[]),
    ("bench", &[]),
    ("store", &["domain", "migrations"]),
    ("jobs", &["domain", "store"]),
    ("ingest", &["domain", "jobs", "store", "tex"]),
    ("formats", &["domain", "tex"]),
    ("mail", &["domain", "formats", "jobs", "store", "tex"]),
    // In the browser `app` uses only `domain`: the others belong to its feature `ssr`.
    ("app", &["domain", "formats", "mail", "store", "tex"]),
    ("frontend", &["app"]),
    (
        "server",
        &[
            "app", "domain", "formats", "ingest", "jobs", "mail", "store", "tex",
        ],
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

fn text<'value>(value: &'value Value, field: &str) -> &'value str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("no {field} in {value}"))
}

#[test]
fn every_package_uses_only_the_packages_below_it() {
    let packages = packages();
    let names: BTreeSet<&str> = packages.iter().map(|package| text(package, "name")).collect();
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    for package in &packages {
        let name = text(package, "name");
        // What tests share may use everything.
        if name == "testing" {
            continue;
        }
        let may_use = allowed
            .get(name)
            .unwrap_or_else(|| panic!("{name} is not in the table of packages"));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let used = text(dependency, "name");
            if dependency["kind"].is_null() && names.contains(used) {
                assert!(may_use.contains(&used), "{name} uses {used}");
            }
        }
    }
}

#[test]
fn the_browser_gets_nothing_of_the_server() {
    let packages = packages();
    let app = packages
        .iter()
        .find(|package| text(package, "name") == "app")
        .expect("the package app");
    for dependency in app["dependencies"].as_array().expect("dependencies") {
        let used = text(dependency, "name");
        if ["formats", "mail", "store", "tex"].contains(&used) {
            assert_eq!(dependency["optional"], true, "{used} must be optional");
        }
    }
}

#[test]
fn no_package_has_a_circle_of_files() {
    let mut circles = Vec::new();
    for package in packages() {
        let manifest = PathBuf::from(text(&package, "manifest_path"));
        let source = manifest.parent().expect("a folder").join("src");
        let arrows = Package::read(&source).arrows();
        assert!(!arrows.is_empty(), "nothing was read of {}", source.display());
        circles.extend(
            circles_of(&arrows)
                .into_iter()
                .map(|files| format!("{}: {}", text(&package, "name"), files.join(" → "))),
        );
    }
    assert!(circles.is_empty(), "circles of files:\n{}", circles.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("lib.rs", "mod a; mod b; mod c; pub use a::A;");
    write("a.rs", "use crate::b; pub struct A; fn f() { b::g() }");
    write("b.rs", "use super::c::C; pub fn g() { let _ = C; }");
    write(
        "c.rs",
        "pub struct C; fn h() -> String { format!(\"{:?}\", super::A) }",
    );
    assert_eq!(
        circles_of(&Package::read(folder.path()).arrows()),
        [["a.rs", "b.rs", "c.rs"]]
    );
    write("c.rs", "pub struct C;");
    assert!(circles_of(&Package::read(folder.path()).arrows()).is_empty());
}
