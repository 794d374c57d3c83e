//! Which file of a package uses names of which other file.
//!
//! Only the code is read, as `syn` parses it. What a parent file declares or exports is no arrow, and a name is followed
//! through exports to the file that defines it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Item, UseTree, visit::Visit};

/// The path of a module in its package, such as `["sources", "github"]`.
type ModulePath = Vec<String>;

/// The files of one package, by module.
pub struct Package {
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
    /// Names that it exports from other files. If it also uses one itself, that is an arrow.
    exports: BTreeSet<String>,
    /// Single names that it uses.
    names: BTreeSet<String>,
}

impl Package {
    /// Reads every file that `lib.rs` or `main.rs` declares, directly or not.
    pub fn read(source: &Path) -> Self {
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

    /// For each file the other files that define the names it uses.
    pub fn arrows(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.modules
            .iter()
            .map(|(path, module)| {
                let exported = module.names.intersection(&module.exports);
                let exported: Vec<Vec<String>> = exported.map(|name| vec![name.clone()]).collect();
                let used = module
                    .uses
                    .iter()
                    .chain(&exported)
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
        if is_export {
            self.exports.insert(name.clone());
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
        if let [name] = &steps[..] {
            self.names.insert(name.clone());
        } else {
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
pub fn circles_of(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
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
