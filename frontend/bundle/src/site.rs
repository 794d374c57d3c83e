//! The whole of `target/site`, from its sources to the checked result.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::{
    budget::{FIRST_FONTS, Sizes},
    contributors,
    files::{NAME, Published, compress, files_of, hash, publish, remove},
    module,
    options::Options,
    style,
};

/// The first part of the name of the second style sheet.
const PAGES: &str = "pages";

/// Extensions of files that compression makes smaller. Fonts and pictures are compressed already.
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

/// Everything that the site is made from.
struct Sources {
    root: PathBuf,
    module: PathBuf,
    css: String,
    pages_css: String,
    public: Vec<(PathBuf, Vec<u8>)>,
    /// wasm-opt; `None` in a debug build, or where it is not installed.
    optimizer: Option<PathBuf>,
}

/// The files that pages name.
struct Parts {
    /// In the order of `hash.txt`: what a first visit loads.
    first: [(&'static str, Published); 3],
    pages: Published,
}

/// Builds the site, unless it is up to date.
pub fn build(options: &Options) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()?;
    let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    let (site, stamp) = (target.join("site"), target.join("site.stamp"));
    let sources = Sources::read(root, &target, options.release)?;
    let inputs = sources.fingerprint(options.release)?;
    let is_fresh =
        site.join("hash.txt").exists() && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs);
    if is_fresh && !options.sizes && !options.accept {
        return Ok(());
    }
    // The new site is made in another folder and then moved: a build that is interrupted leaves the old site whole.
    let fresh = target.join("site.new");
    remove(&fresh)?;
    let parts = sources.write(&fresh, options.release)?;
    check_sizes(&sources, &parts, options)?;
    remove(&site)?;
    fs::rename(&fresh, &site)?;
    fs::write(&stamp, inputs)?;
    Ok(())
}

impl Sources {
    fn read(root: PathBuf, target: &Path, release: bool) -> Result<Self> {
        Ok(Self {
            module: module::compile(&root, target)?,
            css: style::bundle(&root.join("style/main.css"))?,
            pages_css: style::bundle(&root.join("style/pages.css"))?,
            public: files_of(&root.join("frontend/public"))?,
            optimizer: release.then(|| module::find_optimizer(&root)).flatten(),
            root,
        })
    }

    /// Changes whenever the site would change.
    fn fingerprint(&self, release: bool) -> Result<String> {
        Ok(hash(&(
            release,
            &self.optimizer,
            fs::read(&self.module)?,
            (&self.css, &self.pages_css),
            &self.public,
            fs::metadata(env::current_exe()?)?.modified()?,
        )))
    }

    /// Writes the site into a folder.
    fn write(&self, folder: &Path, release: bool) -> Result<Parts> {
        let pkg = folder.join("pkg");
        module::bind(&self.module, &pkg)?;
        let wasm = pkg.join(format!("{NAME}_bg.wasm"));
        match &self.optimizer {
            Some(program) => module::optimize(program, &wasm)?,
            None if release => {
                println!(
                    "bundle: wasm-opt is not installed (run `npm ci` in end2end), so the module is larger"
                );
            }
            None => {}
        }
        let (script, css) = (pkg.join(format!("{NAME}.js")), pkg.join(format!("{NAME}.css")));
        let pages_css = pkg.join(format!("{PAGES}.css"));
        fs::write(&css, &self.css)?;
        fs::write(&pages_css, &self.pages_css)?;
        let parts = Parts {
            first: [
                ("js", publish(&script, release)?),
                ("wasm", publish(&wasm, release)?),
                ("css", publish(&css, release)?),
            ],
            pages: publish(&pages_css, release)?,
        };
        self.copy_public(folder, release)?;
        fs::write(folder.join("hash.txt"), parts.hashes())?;
        Ok(parts)
    }

    fn copy_public(&self, folder: &Path, release: bool) -> Result<()> {
        for (name, bytes) in &self.public {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(&path, bytes)?;
            let extension = path.extension();
            if extension.is_some_and(|extension| TEXT.iter().any(|text| extension == *text)) {
                compress(&path, bytes, release)?;
            }
        }
        Ok(())
    }

    /// Bytes of the fonts that a first visit loads.
    fn first_fonts(&self) -> usize {
        let is_first = |name: &Path| {
            FIRST_FONTS
                .iter()
                .any(|font| name.to_string_lossy().contains(font))
        };
        self.public
            .iter()
            .filter(|(name, _)| is_first(name))
            .map(|(_, bytes)| bytes.len())
            .sum()
    }
}

impl Parts {
    fn hashes(&self) -> String {
        let first = self
            .first
            .iter()
            .map(|(kind, file)| format!("{kind}: {}\n", file.hash));
        first.chain([format!("pages: {}\n", self.pages.hash)]).collect()
    }
}

/// Prints the sizes beside the accepted ones, and fails if a release is over its budget.
fn check_sizes(sources: &Sources, parts: &Parts, options: &Options) -> Result<()> {
    let file = sources.root.join("frontend/sizes.txt");
    let accepted = Sizes::read(&file)?;
    // The second style sheet is not part of a first visit to a list.
    let now = Sizes::of(
        parts
            .first
            .iter()
            .map(|(kind, file)| (*kind, file.brotli))
            .chain([("fonts", sources.first_fonts())]),
    );
    print!("{}", now.table(&accepted));
    let budget = now.keep_to_budget(&accepted);
    if options.sizes || (budget.is_err() && options.release) {
        print!("{}", contributors::largest(&sources.module)?);
    }
    match budget {
        // Without wasm-opt the size says nothing about a real release, and a machine without Node must be able to build.
        Err(over) if options.release && sources.optimizer.is_some() => {
            return Err(over.context("see BUDGET in frontend/bundle/src/budget.rs"));
        }
        Err(over) => println!("bundle: {over}; a release with wasm-opt fails unless it is that much smaller"),
        Ok(()) => {}
    }
    if options.accept {
        now.write(&file)?;
    }
    Ok(())
}
