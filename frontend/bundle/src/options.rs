//! The command line.

use anyhow::{Result, bail, ensure};

/// What the command line asks for.
#[derive(Debug, Default)]
pub struct Options {
    /// Build the module for a release: small, and within the budget.
    pub release: bool,
    /// Print what the module consists of.
    pub sizes: bool,
    /// Write down the sizes of today as accepted.
    pub accept: bool,
}

impl Options {
    /// Reads the arguments after the program name.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Self> {
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
