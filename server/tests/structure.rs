//! The structure that the README draws: which package may use which, and no circle of files inside a package.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
    process::Command,
};

use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;
use syn::{Item, UseTree, visit::Visit};

/// Each package of ours, and the packages of ours that it may use. Those of the tests are left out.
const MAY_USE: [(&str, &[&str]); 13] = [
    ("domain", &[]),
    ("tex", &[]),
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

/// The path of a module in its package, such as `["sources", "github"]`.
type ModulePath = Vec<String>;

/// The files of one package, by module.
struct Package {
    modules: HashMap<ModulePath, Module>,
}

/// What one file says.
#[derive(Default)]
struct Module {
    file: String,
    defines: BTreeSet<String>,
    /// Names that it imports or exports, with the paths behind them.
    imports: HashMap<String, Vec<String>>,
    /// Paths that it uses; those that it only exports are left out.
    uses: Vec<Vec<String>>,
}

impl Package {
    fn read(source: &Path) -> Self {
        let mut package = Self {
            modules: HashMap::new(),
        };
        for name in ["lib.rs", "main.rs"] {
            if source.join(name).exists() {
                package.add(source, &source.join(name), Vec::new());
                break;
            }
        }
        package
    }

    fn add(&mut self, source: &Path, file: &Path, path: ModulePath) {
        let code =
            std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&code).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut module = Module {
            file: file
                .strip_prefix(source)
                .expect("below src")
                .display()
                .to_string(),
            ..Module::default()
        };
        let mut children = Vec::new();
        module.read_items(&parsed.items, &mut children);
        self.modules.insert(path.clone(), module);
        let is_root = file
            .file_name()
            .is_some_and(|name| name == "mod.rs" || name == "lib.rs" || name == "main.rs");
        let folder = if is_root {
            file.with_file_name("")
        } else {
            file.with_extension("")
        };
        for child in children {
            let mut below = path.clone();
            below.push(child.clone());
            let candidates = [
                folder.join(format!("{child}.rs")),
                folder.join(&child).join("mod.rs"),
            ];
            if let Some(file) = candidates.iter().find(|file| file.exists()) {
                self.add(source, file, below);
            }
        }
    }

    /// For each file the files whose names it uses.
    fn arrows(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.modules
            .iter()
            .map(|(path, module)| {
                let used = module
                    .uses
                    .iter()
                    .filter_map(|used| self.file_of(path, used, 0))
                    .filter(|file| *file != module.file)
                    .collect();
                (module.file.clone(), used)
            })
            .collect()
    }

    /// The file that defines what a path means in a module; `None` for names of other packages.
    fn file_of(&self, from: &[String], path: &[String], depth: usize) -> Option<String> {
        // A glob import of each other's names must not lead round for ever.
        if depth > 8 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let (mut at, rest): (ModulePath, &[String]) = match first.as_str() {
            "crate" => (Vec::new(), rest),
            "self" => (from.to_vec(), rest),
            "super" => (from.split_last()?.1.to_vec(), rest),
            name => {
                let here = self.modules.get(from)?;
                let mut child = from.to_vec();
                child.push(name.to_owned());
                if self.modules.contains_key(&child) {
                    (child, rest)
                } else if let Some(imported) = here.imports.get(name) {
                    let mut whole = imported.clone();
                    whole.extend_from_slice(rest);
                    return (whole != path).then(|| self.file_of(from, &whole, depth + 1))?;
                } else {
                    return here.defines.contains(name).then(|| here.file.clone());
                }
            }
        };
        for (index, name) in rest.iter().enumerate() {
            if name == "super" {
                at.pop()?;
                continue;
            }
            at.push(name.clone());
            if self.modules.contains_key(&at) {
                continue;
            }
            at.pop();
            let module = self.modules.get(&at)?;
            if module.defines.contains(name) {
                return Some(module.file.clone());
            }
            return self.file_of(&at, &rest[index..], depth + 1);
        }
        self.modules.get(&at).map(|module| module.file.clone())
    }
}

impl Module {
    fn read_items(&mut self, items: &[Item], children: &mut Vec<String>) {
        for item in items {
            if is_for_tests(item) {
                continue;
            }
            match item {
                Item::Mod(module) => match &module.content {
                    None => children.push(module.ident.to_string()),
                    Some((_, items)) => self.read_items(items, children),
                },
                Item::Use(import) => {
                    let is_export = !matches!(import.vis, syn::Visibility::Inherited);
                    self.read_import(&import.tree, Vec::new(), is_export);
                }
                item => {
                    self.defines.extend(name_of(item));
                    self.visit_item(item);
                }
            }
        }
    }

    fn read_import(&mut self, tree: &UseTree, mut path: Vec<String>, is_export: bool) {
        match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                self.read_import(&step.tree, path, is_export);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.read_import(tree, path.clone(), is_export);
                }
            }
            UseTree::Name(name) if name.ident == "self" => {
                let last = path.last().cloned().unwrap_or_default();
                self.import(last, path, is_export);
            }
            UseTree::Name(name) => {
                path.push(name.ident.to_string());
                self.import(name.ident.to_string(), path, is_export);
            }
            UseTree::Rename(rename) => {
                path.push(rename.ident.to_string());
                self.import(rename.rename.to_string(), path, is_export);
            }
            UseTree::Glob(_) => self.uses.extend((!is_export).then_some(path)),
        }
    }

    /// A module that is imported is used through the paths that begin with it, and those are seen where they stand.
    fn import(&mut self, name: String, path: Vec<String>, is_export: bool) {
        let is_module = name
            .chars()
            .all(|c| c.is_lowercase() || c == '_' || c.is_numeric());
        if !is_export && !is_module {
            self.uses.push(path.clone());
        }
        if !is_export && is_module {
            // A function, perhaps: its name alone is then used somewhere, as a path of one step.
            self.uses
                .extend((path.len() > 1 && path[0] != "std").then(|| vec![name.clone()]));
        }
        self.imports.insert(name, path);
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let steps: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if steps.len() > 1 {
            self.uses.push(steps);
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        self.read_import(&import.tree, Vec::new(), false);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        read_tokens(call.tokens.clone(), &mut self.uses);
    }
}

/// The paths in the arguments of a macro, which are not parsed as code.
fn read_tokens(tokens: TokenStream, paths: &mut Vec<Vec<String>>) {
    let mut path: Vec<String> = Vec::new();
    let mut colons = 0;
    let mut end = |path: &mut Vec<String>| {
        let whole = std::mem::take(path);
        paths.extend((whole.len() > 1).then_some(whole));
    };
    let mut groups = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                if colons != 2 {
                    end(&mut path);
                }
                path.push(name.to_string());
                colons = 0;
            }
            TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
            TokenTree::Group(group) => {
                end(&mut path);
                groups.push(group.stream());
                colons = 0;
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {
                end(&mut path);
                colons = 0;
            }
        }
    }
    end(&mut path);
    for group in groups {
        read_tokens(group, paths);
    }
}

fn is_for_tests(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|condition| condition.is_ident("test"))
    })
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// The groups of files that reach each other along the arrows, each group sorted.
fn circles_of(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = arrows
        .keys()
        .map(|from| {
            let mut seen = BTreeSet::new();
            let mut next: Vec<&String> = arrows[from].iter().collect();
            while let Some(file) = next.pop() {
                if seen.insert(file) {
                    next.extend(arrows.get(file).into_iter().flatten());
                }
            }
            (from, seen)
        })
        .collect();
    let mut circles: Vec<Vec<String>> = Vec::new();
    for (from, seen) in &reached {
        if !seen.contains(*from) || circles.iter().any(|circle| circle.contains(*from)) {
            continue;
        }
        let circle = seen
            .iter()
            .filter(|file| reached.get(**file).is_some_and(|back| back.contains(*from)))
            .map(|file| (*file).clone())
            .collect();
        circles.push(circle);
    }
    circles
}
