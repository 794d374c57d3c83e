//! The built-in sample: 119 real papers for the first minute. `data/README.md` says where they come from.

use jiff::Timestamp;

use crate::import::Records;
use store::{Result, Store, StoreError};

const SAMPLE: &str = include_str!("../data/sample.jsonl");

/// Loads the sample into a database that has never held a paper. Answers how many papers were added.
pub async fn load_sample(store: &Store, now: Timestamp) -> Result<usize> {
    if !store.wants_sample().await? {
        return Ok(0);
    }
    let papers = Records::new(SAMPLE.as_bytes())
        .map(|record| {
            let record = record
                .map_err(|reject| StoreError::Corrupt(format!("the built-in sample: {}", reject.reason)))?;
            serde_json::from_slice(&record.bytes)
                .map_err(|error| StoreError::Corrupt(format!("the built-in sample: {error}")))
        })
        .collect::<Result<Vec<domain::Paper>>>()?;
    let added = store.save_papers(&papers, now).await?.len();
    // After the papers: a crash in between only repeats what changes nothing.
    store.mark_sample().await?;
    Ok(added)
}
