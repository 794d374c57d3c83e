//! Everything a run says, and its JSON file.

use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::{
    figures::Figure,
    generator::Facts,
    library::Program,
    process::{self, Cores, now},
    settings::{Settings, Size},
};

/// Everything a run says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// When it began.
    pub taken: String,
    /// The measured program: path, version and a hash of its bytes.
    pub program: String,
    /// The second program of a paired run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// Pairs of a paired run; 0 otherwise.
    pub pairs: usize,
    /// The processor, its cores, and whether server and client had one each.
    pub machine: Machine,
    /// The part of all cores that other processes used during the run, from 0 to 1.
    pub others: Option<f64>,
    /// Seconds of each window.
    pub seconds: f64,
    /// The libraries, in words.
    pub sizes: Vec<String>,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// Where a run was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Model of the processor.
    pub processor: Option<String>,
    /// Operating system and architecture.
    pub system: String,
    /// Cores that were free to use.
    pub cores: usize,
    /// Server and client had a core each.
    pub pinned: bool,
}

impl Report {
    /// A report without figures.
    pub fn new(program: &Program, cores: &Cores, settings: &Settings) -> Self {
        Self {
            taken: now().to_string(),
            program: described(program),
            against: None,
            pairs: 0,
            machine: Machine {
                processor: process::processor(),
                system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
                cores: cores.count,
                pinned: cores.pinned,
            },
            others: None,
            seconds: settings.seconds,
            sizes: Vec::new(),
            figures: Vec::new(),
        }
    }

    /// Notes a library.
    pub fn add_size(&mut self, size: Size, facts: &Facts) {
        self.sizes
            .push(format!("{size}: {} records; {}", facts.records, facts.source));
    }

    /// Reads a report of an earlier run.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not a report of a run", path.display()))
    }

    /// Writes the report and says where.
    pub fn write(&self, settings: &Settings) -> anyhow::Result<()> {
        let name = match &settings.name {
            Some(name) => name.clone(),
            // A colon is not allowed in file names everywhere.
            None => self
                .taken
                .chars()
                .take(19)
                .map(|c| if c == ':' { '-' } else { c })
                .collect(),
        };
        let path = settings.subfolder("")?.join(format!("{name}.json"));
        std::fs::write(&path, serde_json::to_string_pretty(self)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("\nWrote {}", path.display());
        Ok(())
    }
}

/// A program in one line.
pub fn described(program: &Program) -> String {
    format!(
        "{} ({}, {})",
        program.binary.display(),
        program.version,
        program.hash
    )
}
