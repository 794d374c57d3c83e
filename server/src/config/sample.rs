//! The built-in sample.

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;
use store::Store;

use super::switch::Switch;

/// Whether a new database gets the built-in sample.
#[derive(Debug, Clone, Args)]
pub struct SampleSettings {
    /// Load the built-in sample of 119 papers into a new database
    #[arg(
        long,
        global = true,
        env = "BROADSHEET_SAMPLE",
        default_value = "on",
        value_name = "on|off",
        hide_possible_values = true
    )]
    pub sample: Switch,
}

impl SampleSettings {
    /// Loads the sample into a database that has never held a paper.
    pub async fn load(&self, store: &Store, now: Timestamp) -> anyhow::Result<()> {
        if !self.sample.is_on() {
            return Ok(());
        }
        let papers = ingest::sample::load_sample(store, now)
            .await
            .context("cannot load the built-in sample")?;
        if papers > 0 {
            tracing::info!(papers, "loaded the built-in sample");
        }
        Ok(())
    }
}
