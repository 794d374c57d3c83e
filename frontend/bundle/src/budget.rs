//! How large a first visit may be, and how much it has grown since its size was last accepted.
//!
//! `frontend/sizes.txt` holds the accepted sizes, so that a build over its budget can say what grew.
//! `bundle --release --accept` writes that file; commit it with the change that cost the bytes.

use anyhow::{Context, Result, ensure};
use std::{collections::BTreeMap, fmt::Write, path::Path};

/// What a first visit to the front page loads besides the HTML, and the largest size of each in bytes as sent: after
/// brotli where that helps. The style sheet is part of the page.
///
/// On a slow phone each kB of the module delays the first action by about 4 ms.
pub const BUDGET: [(&str, usize); 5] = [
    ("wasm", 70_000),
    ("js", 9_000),
    ("css", 9_000),
    ("fonts", 70_000),
    (ALL, 150_000),
];

/// The name of the sum of the others.
const ALL: &str = "in all";

/// The fonts of the front page. A fifth one, `broadsheet-serif-ext`, is loaded only by pages with Greek or rarer Latin
/// letters. `make bench-browser` measures what the browser really loads.
pub const FIRST_FONTS: [&str; 4] = [
    "broadsheet-serif.",
    "broadsheet-italic.",
    "broadsheet-display.",
    "inter.",
];

/// Bytes by the names in `BUDGET`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sizes(BTreeMap<&'static str, usize>);

impl Sizes {
    /// The sizes of these parts, and their sum.
    pub fn of(parts: impl IntoIterator<Item = (&'static str, usize)>) -> Self {
        let mut sizes = Self(parts.into_iter().collect());
        sizes.0.insert(ALL, sizes.0.values().sum());
        sizes
    }

    /// Reads what [`Sizes::write`] wrote. Without the file, no sizes were accepted yet.
    pub fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(path)?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let mut sizes = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, bytes) = line
                .rsplit_once(' ')
                .with_context(|| format!("`{line}`: a name and a number are expected"))?;
            let known = BUDGET.iter().find(|(known, _)| *known == name.trim_end());
            let (known, _) = known.with_context(|| format!("`{line}`: unknown name"))?;
            sizes.insert(*known, bytes.parse().with_context(|| format!("`{line}`"))?);
        }
        Ok(Self(sizes))
    }

    /// Writes these sizes as the accepted ones.
    pub fn write(&self, path: &Path) -> Result<()> {
        std::fs::write(path, self.text()).with_context(|| format!("cannot write {}", path.display()))
    }

    fn text(&self) -> String {
        let mut text = "# What a first visit fetches besides the HTML, in bytes as sent: the sizes last accepted.\n\
                        # Written by `bundle --release --accept`; the budgets are in frontend/bundle/src/budget.rs.\n"
            .to_owned();
        for (name, _) in BUDGET {
            let _ = writeln!(text, "{name:<6} {:>6}", self.get(name));
        }
        text
    }

    fn get(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// One line for each part: its size, the accepted size, the change and the budget.
    pub fn table(&self, accepted: &Self) -> String {
        let mut table = format!(
            "{:<8}{:>9}{:>10}{:>9}{:>10}\n",
            "brotli", "now", "accepted", "change", "budget"
        );
        for (name, most) in BUDGET {
            let (now, before) = (self.get(name), accepted.get(name));
            let change = now.cast_signed() - before.cast_signed();
            let over = if now > most { "  over" } else { "" };
            let _ = writeln!(table, "{name:<8}{now:>9}{before:>10}{change:>+9}{most:>10}{over}");
        }
        table
    }

    /// Checks the budget. The error says what is too large, by how much, and what grew.
    pub fn keep_to_budget(&self, accepted: &Self) -> Result<()> {
        let list = |found: Vec<String>| found.join(", ");
        let over = BUDGET
            .iter()
            .filter(|(name, most)| self.get(name) > *most)
            .map(|(name, most)| format!("{name} by {} bytes", self.get(name) - most))
            .collect::<Vec<_>>();
        let grown = BUDGET
            .iter()
            .filter(|(name, _)| self.get(name) > accepted.get(name))
            .map(|(name, _)| format!("{name} by {}", self.get(name) - accepted.get(name)))
            .collect::<Vec<_>>();
        ensure!(
            over.is_empty(),
            "over the budget: {}. Grown since the sizes were last accepted: {}",
            list(over),
            if grown.is_empty() {
                "nothing".to_owned()
            } else {
                list(grown)
            }
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Sizes;

    fn sizes(wasm: usize) -> Sizes {
        Sizes::of([("wasm", wasm), ("js", 6_000), ("css", 7_000), ("fonts", 68_000)])
    }

    #[test]
    fn written_sizes_read_back() {
        let written = sizes(63_000);
        assert_eq!(Sizes::parse(&written.text()).ok(), Some(written));
    }

    #[test]
    fn an_invalid_line_is_named_in_the_error() {
        for line in ["wasm", "wasm much", "woff 12"] {
            assert!(Sizes::parse(line).is_err_and(|error| error.to_string().contains(line)));
        }
    }

    #[test]
    fn growth_within_the_budget_is_shown_and_passes() {
        let (now, before) = (sizes(64_500), sizes(63_000));
        assert!(now.keep_to_budget(&before).is_ok());
        let table = now.table(&before);
        assert!(
            table.contains("wasm        64500     63000    +1500     70000\n"),
            "{table}"
        );
        assert!(
            table.contains("css          7000      7000       +0      9000\n"),
            "{table}"
        );
        assert!(
            table.contains("in all     145500    144000    +1500    150000\n"),
            "{table}"
        );
    }

    #[test]
    fn a_module_over_its_budget_fails_and_says_what_grew_by_how_much() {
        let (now, before) = (sizes(70_001), sizes(63_000));
        let error = now
            .keep_to_budget(&before)
            .expect_err("it is over the budget")
            .to_string();
        assert_eq!(
            error,
            "over the budget: wasm by 1 bytes, in all by 1001 bytes. \
             Grown since the sizes were last accepted: wasm by 7001, in all by 7001"
        );
        assert!(now.table(&before).contains("70000  over\n"));
    }

    #[test]
    fn parts_within_their_budgets_can_be_too_large_together() {
        let now = Sizes::of([("wasm", 69_000), ("js", 8_000), ("css", 8_000), ("fonts", 69_000)]);
        let error = now
            .keep_to_budget(&now.clone())
            .expect_err("it is over the budget")
            .to_string();
        assert!(
            error.starts_with("over the budget: in all by 4000 bytes."),
            "{error}"
        );
        assert!(error.ends_with("last accepted: nothing"), "{error}");
    }
}
